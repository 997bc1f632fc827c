import agreement from "./agreement.json";
import common from "./common.json";
import consensus from "./consensus.json";
import errors from "./errors.json";
import evaluate from "./evaluate.json";
import gate from "./gate.json";
import history from "./history.json";
import home from "./home.json";
import manual from "./manual.json";
import models from "./models.json";
import readers from "./readers.json";
import reading from "./reading.json";
import references from "./references.json";
import rereads from "./rereads.json";
import result from "./result.json";
import runs from "./runs.json";
import settings from "./settings.json";
import snapshots from "./snapshots.json";
import studies from "./studies.json";
import study from "./study.json";
import upload from "./upload.json";
import work from "./work.json";
import workbench from "./workbench.json";

export default {
  agreement,
  common,
  consensus,
  errors,
  evaluate,
  gate,
  history,
  home,
  manual,
  models,
  readers,
  reading,
  references,
  rereads,
  result,
  runs,
  settings,
  snapshots,
  studies,
  study,
  upload,
  work,
  workbench,
};
