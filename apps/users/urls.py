from django.urls import path

from apps.users import views

app_name = "users"

urlpatterns = [
    path("", views.ProfileView.as_view(), name="account"),
    path("addresses/", views.AddressListView.as_view(), name="address-list"),
    path("addresses/new/", views.AddressAddView.as_view(), name="address-add"),
    path("addresses/<int:pk>/", views.AddressEditView.as_view(), name="address-edit"),
    path("addresses/<int:pk>/delete/", views.AddressDeleteView.as_view(), name="address-delete"),
    path("addresses/<int:pk>/default/", views.AddressDefaultView.as_view(), name="address-default"),
]
