"""Every address of the site."""

from django.urls import URLPattern, URLResolver, re_path

from boneage_web.site import views

urlpatterns: list[URLPattern | URLResolver] = [
    re_path(r"^api/(?P<path>.*)$", views.api_not_found),
    re_path(r"^(?P<path>(?!api/|assets/).*)$", views.front_end, name="front_end"),
]
handler500 = "boneage_web.site.views.server_error"
