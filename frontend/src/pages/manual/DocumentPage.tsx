import { Button } from "@mantine/core";
import { IconPrinter } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "react-router";

import { usePersonKeys } from "../../canvas/usePersonKeys";
import { currentLanguage } from "../../i18n";
import { Failure } from "../../panels/Failure";
import { CardsLoading } from "../../panels/Loading";
import { Page } from "../../panels/Page";
import type { ManualText, Texts } from "./pages";
import { withKeys } from "./withKeys";
import "./manual.css";

/** A text of docs/ as a page, in the language of the interface: contents, article, printing. */
export function DocumentPage({ name, title, texts, above }: {
  readonly name: string;
  readonly title: string;
  readonly texts: Texts;
  readonly above?: ReactNode;
}) {
  const { t } = useTranslation("manual");
  const language = currentLanguage();
  const text = useQuery({
    queryKey: ["manual", name, language],
    queryFn: async () => (await texts[language]()).default,
    staleTime: Infinity,
    networkMode: "always",
  });
  const article = useRef<HTMLElement>(null);

  async function print() {
    const images = [...(article.current?.querySelectorAll("img") ?? [])];
    for (const image of images) image.loading = "eager";
    // One that cannot be loaded leaves a gap with its words, and keeps nobody from printing.
    await Promise.all(images.map((image) => image.decode().catch(() => undefined)));
    window.print();
  }

  return (
    <Page
      title={title}
      actions={
        text.data && (
          <Button className="no-print" variant="default" leftSection={<IconPrinter size={18} aria-hidden />} onClick={() => void print()}>
            {t("print")}
          </Button>
        )
      }
    >
      {above}
      {text.isPending && <CardsLoading cards={3} height={222} />}
      {text.isError && <Failure error={text.error} retry={() => void text.refetch()} />}
      {text.data && (
        <div className="manual">
          <Contents text={text.data} />
          <Article text={text.data} article={article} />
        </div>
      )}
    </Page>
  );
}

function Contents({ text }: { readonly text: ManualText }) {
  const { t } = useTranslation("manual");
  return (
    <nav className="manual-contents no-print" aria-label={t("contents")}>
      <h2>{t("contents")}</h2>
      <ul>
        {text.sections.map((section) => (
          <li key={section.id} data-depth={section.depth}>
            <a href={`#${section.id}`}>{section.title}</a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Article({ text, article }: { readonly text: ManualText; readonly article: React.RefObject<HTMLElement | null> }) {
  const { hash } = useLocation();
  const keys = usePersonKeys().label;
  const html = useMemo(() => ({ __html: withKeys(text.html, keys) }), [text, keys]);
  useEffect(() => {
    // The page is drawn after the browser has looked for the anchor, so it is looked for once more.
    const section = hash ? document.getElementById(decodeURIComponent(hash.slice(1))) : null;
    section?.scrollIntoView();
    section?.focus({ preventScroll: true });
  }, [hash, html]);
  return <article className="manual-text" ref={article} dangerouslySetInnerHTML={html} />;
}
