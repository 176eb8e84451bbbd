"""The pages of articles."""

from django.urls import path

from articles import feeds, mistake_views, picture_views, views

app_name = "articles"

urlpatterns = [
    path("", views.article_list, name="home"),
    path("articles/", views.article_list, name="list"),
    path("articles/<slug:slug>/", views.article_detail, name="detail"),
    path("articles/<slug:slug>/changes/", views.changes, name="changes"),
    path("articles/<slug:slug>/review.json", views.review_json, name="review-json"),
    path("articles/<slug:slug>/mistake/", mistake_views.mistake, name="mistake"),
    path("articles/<slug:slug>/mistake/thanks/", mistake_views.thanks, name="mistake-thanks"),
    path("topics/", views.topic_list, name="topics"),
    path("topics/<slug:slug>/", views.topic, name="topic"),
    path("reviewers/<slug:slug>/", views.reviewer, name="reviewer"),
    path("pictures/<str:name>", picture_views.picture, name="picture"),
    path("feed/", feeds.ArticleFeed(), name="feed"),
    path("search/", views.search, name="search"),
]
