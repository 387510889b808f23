from django.urls import path

from . import dev_mail

app_name = "dev_mail"

urlpatterns = [
    path("", dev_mail.MailList.as_view(), name="list"),
    path("<str:key>/", dev_mail.MailDetail.as_view(), name="detail"),
    path("<str:key>/html/", dev_mail.MailHtml.as_view(), name="html"),
]
