"""Where comments are sent, seen by their author, linked and followed."""

from django.urls import path

from comments import feeds, views

app_name = "comments"

urlpatterns = [
    path("articles/<slug:slug>/comments/", views.post_comment, name="post"),
    path("articles/<slug:slug>/comments/<int:pk>/", views.permalink, name="permalink"),
    path("articles/<slug:slug>/feed/", feeds.CommentFeed(), name="feed"),
    path("comments/<int:pk>/<str:token>/", views.own, name="own"),
    path("comments/<int:pk>/<str:token>/take-back/", views.take_back, name="take-back"),
]
