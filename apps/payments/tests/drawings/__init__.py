"""How documents look, mark by mark. After a change that is meant, write them anew and read the difference:

python -m apps.payments.tests.drawings
"""
