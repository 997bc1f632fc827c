import { IconUpload } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { droppedFiles, eachSource } from "./sources";
import { useUploadQueue } from "./UploadContext";

/** While mounted, files, folders and zips dropped anywhere on the page are sent. */
export function DropAnywhere() {
  const { t } = useTranslation("upload");
  const queue = useUploadQueue();
  const [over, setOver] = useState(false);
  const depth = useRef(0);

  useEffect(() => {
    const holdsFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
    const enter = (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      depth.current += 1;
      setOver(true);
    };
    const leave = () => {
      depth.current = Math.max(0, depth.current - 1);
      if (depth.current === 0) setOver(false);
    };
    const hover = (event: DragEvent) => {
      if (holdsFiles(event)) event.preventDefault();
    };
    const drop = (event: DragEvent) => {
      if (!holdsFiles(event) || !event.dataTransfer) return;
      event.preventDefault();
      depth.current = 0;
      setOver(false);
      void droppedFiles(event.dataTransfer).then((files) => eachSource(files, (sources) => queue.add(sources)));
    };
    window.addEventListener("dragenter", enter);
    window.addEventListener("dragleave", leave);
    window.addEventListener("dragover", hover);
    window.addEventListener("drop", drop);
    return () => {
      window.removeEventListener("dragenter", enter);
      window.removeEventListener("dragleave", leave);
      window.removeEventListener("dragover", hover);
      window.removeEventListener("drop", drop);
    };
  }, [queue]);

  if (!over) return null;
  return (
    <div className="drop-veil" aria-hidden>
      <div>
        <IconUpload size={40} />
        <div>{t("drop")}</div>
      </div>
    </div>
  );
}
