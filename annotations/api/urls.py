"""Addresses of this app, below /api/v1/."""

from django.urls import URLPattern, path

from annotations.api.views import boxes, consensus, people, radiographs, reading, studies, uploads

urlpatterns: list[URLPattern] = [
    path("home", people.HomeView.as_view()),
    path("uploads", uploads.UploadsView.as_view()),
    path("studies", studies.StudiesView.as_view()),
    path("studies/<uuid:study>", studies.StudyView.as_view()),
    path("studies/<uuid:study>/events", studies.StudyEventsView.as_view()),
    path("studies/<uuid:study>/facts", studies.StudyFactsView.as_view()),
    path("studies/<uuid:study>/exclude", studies.StudyExcludeView.as_view()),
    path("studies/<uuid:study>/restore", studies.StudyRestoreView.as_view()),
    path("radiographs/<uuid:radiograph>/pixels", radiographs.RadiographPixelsView.as_view()),
    path("radiographs/<uuid:radiograph>/thumbnail", radiographs.RadiographThumbnailView.as_view()),
    path("radiographs/<uuid:radiograph>/box-sets", boxes.RadiographBoxSetsView.as_view()),
    path("label/next", boxes.LabelNextView.as_view()),
    path("review/next", boxes.ReviewNextView.as_view()),
    path("box-sets/<uuid:box_set>", boxes.BoxSetView.as_view()),
    path("box-sets/<uuid:box_set>/operations", boxes.BoxSetOperationsView.as_view()),
    path("box-sets/<uuid:box_set>/submit", boxes.BoxSetSubmitView.as_view()),
    path("box-sets/<uuid:box_set>/accept", boxes.BoxSetAcceptView.as_view()),
    path("box-sets/<uuid:box_set>/fix", boxes.BoxSetFixView.as_view()),
    path("box-sets/<uuid:box_set>/return", boxes.BoxSetReturnView.as_view()),
    path("read/next", reading.ReadNextView.as_view()),
    path("reading/<str:token>", reading.ReadingView.as_view()),
    path("reading/<str:token>/pixels", reading.ReadingPixelsView.as_view()),
    path("reading/<str:token>/submit", reading.ReadingSubmitView.as_view()),
    path("reading/<str:token>/unreadable", reading.ReadingUnreadableView.as_view()),
    path("reading/<str:token>/amend", reading.ReadingAmendView.as_view()),
    path("consensus", consensus.ConsensusListView.as_view()),
    path("consensus/approve", consensus.ConsensusApproveManyView.as_view()),
    path("consensus/<uuid:consensus>", consensus.ConsensusView.as_view()),
    path("consensus/<uuid:consensus>/settle", consensus.ConsensusSettleView.as_view()),
    path("consensus/<uuid:consensus>/approve", consensus.ConsensusApproveView.as_view()),
    path("consensus/<uuid:consensus>/reopen", consensus.ConsensusReopenView.as_view()),
    path("people", people.PeopleView.as_view()),
    path("people/<uuid:person>", people.PersonView.as_view()),
    path("cohorts", people.CohortsView.as_view()),
    path("protocol", people.ProtocolView.as_view()),
]
