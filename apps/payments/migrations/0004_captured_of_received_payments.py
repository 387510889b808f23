from django.db import migrations


def set_captured(apps, schema_editor):
    """Before refunds, a received payment was one word; now it says how much came and whether it pays its order."""
    Payment = apps.get_model("payments", "Payment")
    received = Payment._default_manager.filter(state="succeeded", captured=0)
    payers = {}
    for payment in received.select_related("order").order_by("pk").iterator():
        payer = payment.order.payment_state == "paid" and payers.setdefault(payment.order_id, payment.pk) == payment.pk
        Payment._default_manager.filter(pk=payment.pk).update(captured=payment.amount, applied=payer)


class Migration(migrations.Migration):
    dependencies = [("payments", "0003_authorisations_and_problems")]

    operations = [migrations.RunPython(set_captured, migrations.RunPython.noop)]
