from apps.payments.admin.payments import PaymentAdmin, WebhookEventAdmin

__all__ = ["PaymentAdmin", "WebhookEventAdmin"]
