"""Every address of the site."""

from django.urls import URLPattern, URLResolver, include, path, re_path
from drf_spectacular.views import SpectacularAPIView

from boneage_web.evaluation.api import case_pictures, evaluations, figures, printed, release
from boneage_web.outbound import api as outbound
from boneage_web.registry import api as registry
from boneage_web.results.api import calibrations, references, reports
from boneage_web.results.api import result as results
from boneage_web.runs import api as runs
from boneage_web.site import api as site
from boneage_web.site import runs_api, views
from boneage_web.site.schema import MadeOnce, WrittenOnce

_SCHEMA_AS = [WrittenOnce, *SpectacularAPIView.renderer_classes[1:]]

api_patterns: list[URLPattern | URLResolver] = [
    path("", include("annotations.api.urls")),  # asked most, so looked at first
    path("health", site.HealthView.as_view()),
    path("session", site.SessionView.as_view()),
    path("session/password", site.PasswordView.as_view()),
    path("schema", SpectacularAPIView.as_view(generator_class=MadeOnce, renderer_classes=_SCHEMA_AS)),
    path("runs", runs_api.RunsView.as_view()),
    path("runs/<uuid:run>", runs.RunView.as_view()),
    path("runs/<uuid:run>/log", runs.RunLogView.as_view()),
    path("runs/<uuid:run>/cancel", runs.RunCancelView.as_view()),
    path("runs/<uuid:run>/resume", runs.RunResumeView.as_view()),
    path("presets", runs_api.PresetsView.as_view()),
    path("snapshots", registry.SnapshotsView.as_view()),
    path("snapshots/<uuid:snapshot>", registry.SnapshotView.as_view()),
    path("snapshots/<uuid:snapshot>/contents", registry.SnapshotContentsView.as_view()),
    path("snapshots/<uuid:snapshot>/differences", registry.SnapshotDifferencesView.as_view()),
    path("models", registry.ModelsView.as_view()),
    path("models/<uuid:model>", registry.ModelView.as_view()),
    path("models/<uuid:model>/activate", release.ModelActivateView.as_view()),
    path("models/<uuid:model>/release", release.ModelReleaseView.as_view()),
    path("models/<uuid:model>/statements", registry.ModelStatementsView.as_view()),
    path("yardstick", release.YardstickView.as_view()),
    path("models/<uuid:model>/retire", registry.ModelRetireView.as_view()),
    path("studies/<uuid:study>/result", results.StudyResultView.as_view()),
    path("studies/<uuid:study>/result/sign", results.StudySignView.as_view()),
    path("studies/<uuid:study>/result/height", results.StudyHeightView.as_view()),
    path("studies/<uuid:study>/result/report.txt", reports.ReportTextView.as_view()),
    path("studies/<uuid:study>/result/report.pdf", reports.ReportPdfView.as_view()),
    path("studies/<uuid:study>/result/report.csv", reports.ReportCsvView.as_view()),
    path("studies/<uuid:study>/result/report.fhir", reports.ReportFhirView.as_view()),
    path("studies/<uuid:study>/deliveries", outbound.StudyDeliveriesView.as_view()),
    path("deliveries/<uuid:delivery>/retry", outbound.DeliveryRetryView.as_view()),
    path("studies/<uuid:study>/examine", results.StudyExamineView.as_view()),
    path("references", references.ReferencesView.as_view()),
    path("references/named-first", references.ReferenceChoiceView.as_view()),
    path("references/<uuid:reference>/retire", references.ReferenceRetireView.as_view()),
    path("calibrations", calibrations.CalibrationsView.as_view()),
    path("calibrations/<uuid:calibration>/activate", calibrations.CalibrationActivateView.as_view()),
    path("calibrations/<uuid:calibration>/retire", calibrations.CalibrationRetireView.as_view()),
    path("studies/<uuid:study>/predict", runs_api.StudyPredictView.as_view()),
    path("evaluations", evaluations.EvaluationsView.as_view()),
    path("evaluations/<uuid:evaluation>", evaluations.EvaluationView.as_view()),
    path("evaluations/<uuid:evaluation>/cases", evaluations.CasesView.as_view()),
    path("evaluations/<uuid:evaluation>/cases.csv", evaluations.CasesFileView.as_view()),
    path("evaluations/<uuid:evaluation>/cases/<int:case>", evaluations.CaseView.as_view()),
    path("evaluations/<uuid:evaluation>/cases/<int:case>/pixels", case_pictures.CasePixelsView.as_view()),
    path("evaluations/<uuid:evaluation>/cases/<int:case>/thumbnail", case_pictures.CaseThumbnailView.as_view()),
    path("evaluations/<uuid:evaluation>/report.pdf", printed.ReportView.as_view()),
    path("evaluations/<uuid:evaluation>/model-card.pdf", printed.ModelCardView.as_view()),
    path("evaluations/<uuid:evaluation>/comparison", figures.ComparisonView.as_view()),
    path("evaluations/<uuid:evaluation>/comparison.csv", figures.ComparisonFileView.as_view()),
    path("evaluations/<uuid:evaluation>/figures/<slug:figure>", figures.FigureView.as_view()),
    path("evaluations/<uuid:evaluation>/figures/<slug:figure>.csv", figures.FigureFileView.as_view()),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include(api_patterns)),
    re_path(r"^api/(?P<path>.*)$", views.api_not_found),
    re_path(r"^(?P<path>(?!api/|assets/).*)$", views.front_end, name="front_end"),
]
handler500 = "boneage_web.site.views.server_error"
