from django import template

from apps.users import countries

register = template.Library()

register.filter("country_name", countries.country_name)
