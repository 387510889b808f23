from datetime import timedelta

from django.apps import AppConfig, apps
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class PaymentsConfig(AppConfig):
    name = "apps.payments"
    label = "payments"
    verbose_name = _("Payments")
    default_auto_field = "django.db.models.BigAutoField"
    admin_rank = 30

    def ready(self) -> None:
        from apps.core import roles, setup_notes
        from apps.jobs import periodic
        from apps.orders import signals
        from apps.orders.extensions import register_payment_method
        from apps.payments import checks, invariants, notes, panels, receivers, refund_invariants, sections, tasks
        from apps.payments.documents import wiring
        from apps.payments.gateways import register_gateway
        from apps.payments.sandbox.gateway import SandboxGateway
        from apps.payments.sandbox.method import SandboxMethod

        checks.register_checks()
        invariants.register_invariants()
        refund_invariants.register_invariants()
        panels.register()
        sections.register()
        setup_notes.register(notes.payment_notes)
        for role in (roles.ORDER_CLERK, roles.MANAGER):
            roles.grant(role, "payments", "view_payment", "view_refund", "view_dispute", "make_refund")
        roles.grant(roles.MANAGER, "payments", "view_webhookevent")
        roles.grant(roles.ORDER_CLERK, "payments", "capture_payment")
        roles.grant(roles.MANAGER, "payments", "capture_payment", "view_problem", "settle_problem")
        periodic.register("payments.reconcile", tasks.reconcile_payments, every=timedelta(minutes=15))
        periodic.register("payments.reconcile_books", tasks.reconcile_books, every=timedelta(days=1))
        signals.order_cancelled.connect(receivers.withdraw_attempts, dispatch_uid="payments.withdraw_cancelled")
        signals.order_expired.connect(receivers.withdraw_attempts, dispatch_uid="payments.withdraw_expired")
        signals.order_cancelled.connect(receivers.refund_cancelled_order, dispatch_uid="payments.refund_cancelled")
        wiring.connect()
        register_gateway(SandboxGateway())
        if "sandbox" in settings.PAYMENT_METHODS:
            register_payment_method(SandboxMethod())
        # Without a key nothing can be asked, so the method is not offered; a check and `doctor` say so.
        # Nor is the SDK loaded then, which fills 11 MiB.
        if settings.STRIPE_SECRET_KEY:
            from apps.payments.stripe.gateway import StripeGateway
            from apps.payments.stripe.method import StripeMethod

            register_gateway(StripeGateway())
            if "stripe" in settings.PAYMENT_METHODS:
                register_payment_method(StripeMethod())
        if apps.is_installed("apps.notifications"):
            from apps.payments import notices

            notices.connect()
