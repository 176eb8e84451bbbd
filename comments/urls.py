"""Where comments are sent, seen by their author, linked and followed."""

from django.urls import path

from comments.public import feeds, mail_views, report_views, rights_views, views

app_name = "comments"

urlpatterns = [
    path("articles/<slug:slug>/comments/", views.post_comment, name="post"),
    path("articles/<slug:slug>/comments/<int:pk>/", views.permalink, name="permalink"),
    path("articles/<slug:slug>/feed/", feeds.CommentFeed(), name="feed"),
    path("comments/<int:pk>/<str:token>/", views.own, name="own"),
    path("comments/<int:pk>/<str:token>/revise/", mail_views.revise, name="revise"),
    path("comments/mail/<int:pk>/<str:token>/confirm/", mail_views.confirm, name="mail-confirm"),
    path("comments/mail/<int:pk>/<str:token>/end/", mail_views.end, name="mail-end"),
    path("comments/mail/never/<str:token>/", mail_views.never, name="mail-never"),
    path("comments/letters/<int:pk>/<str:token>/", mail_views.letter, name="mail-letter"),
    path("your-data/", rights_views.your_data, name="your-data"),
    path("your-data/sent/", rights_views.sent, name="your-data-sent"),
    path("your-data/<int:pk>/<str:token>/", rights_views.link, name="mail-rights"),
    path("your-data/<int:pk>/<str:token>/all/", rights_views.page, name="your-data-page"),
    path("your-data/<int:pk>/<str:token>/what-we-keep.json", rights_views.data_file, name="your-data-file"),
    path("comments/<int:pk>/<str:token>/take-back/", views.take_back, name="take-back"),
    path("comments/<int:pk>/<str:token>/change/", views.change, name="change"),
    path("articles/<slug:slug>/comments/<int:pk>/report/", report_views.report, name="report"),
    path("articles/<slug:slug>/comments/<int:pk>/report/thanks/", report_views.thanks, name="report-thanks"),
]
