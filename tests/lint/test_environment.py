"""The variables that the settings read are the ones that the documents name, and no others."""

import re

from tests.lint.sources import ROOT, python_sources

READ = re.compile(r"""env\.\w+\(\s*["']([A-Z][A-Z0-9_]+)["']""")
SET_ELSEWHERE = {"DJANGO_SETTINGS_MODULE"}  # read by Django itself
TEST_ONLY = {"STOA_TEST_RUN"}


def variables_read():
    return {found for path in python_sources("config/settings") for found in READ.findall(path.read_text())} - TEST_ONLY


def variables_of_table(text):
    return set(re.findall(r"^\|\s*`([A-Z][A-Z0-9_]+)`", text, re.M))


def test_the_example_file_names_every_variable_and_no_other():
    named = set(re.findall(r"^#? ?([A-Z][A-Z0-9_]+)=", (ROOT / ".env.example").read_text(), re.M))
    assert named == variables_read() | SET_ELSEWHERE


def test_the_operations_page_explains_every_variable_and_no_other():
    explained = variables_of_table((ROOT / "docs/operations.md").read_text())
    assert explained == variables_read() | SET_ELSEWHERE


def test_the_readme_names_no_variable_that_does_not_exist():
    text = (ROOT / "README.md").read_text()
    named = set(re.findall(r"\b([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\b", text))
    assert named - variables_read() - SET_ELSEWHERE == set()


def test_the_operations_page_lists_every_crash_point():
    points = {
        found
        for path in python_sources("apps")
        for found in re.findall(r"""(?:crash\.point|crash_point)\(\s*["']([a-z_.]+)["']""", path.read_text())
    }
    text = (ROOT / "docs/operations.md").read_text()
    assert points
    assert [point for point in sorted(points) if f"`{point}`" not in text] == []
