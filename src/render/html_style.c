#include "inside.h"

/* System fonts, no colour that carries meaning of its own, nothing fetched. No "<" or "&", which XML would
 * read as markup. */
const char *const html_style[] = {
    /* Colours: text at least 4.5 to 1 and bars at least 3 to 1 on the paper, in both schemes. */
    ":root{color-scheme:light dark;--paper:#fff;--ink:#1b2026;--soft:#56606b;--line:#d8dde3;"
    "--bar:#2f6186;--mark:#8c2f0b}\n"
    "@media screen and (prefers-color-scheme:dark){:root{--paper:#15191d;--ink:#e5e8eb;"
    "--soft:#a6b0ba;--line:#384049;--bar:#79aed3;--mark:#ffb38f}}\n",

    /* The page. */
    "*{box-sizing:border-box}\n"
    "html{background:var(--paper);color:var(--ink);-webkit-text-size-adjust:100%;"
    "text-size-adjust:100%}\n"
    "body{margin:0;font:1rem/1.55 system-ui,-apple-system,\"Segoe UI\",Roboto,\"Noto Sans\","
    "\"Liberation Sans\",Arial,sans-serif;font-variant-numeric:tabular-nums lining-nums}\n"
    "header,main{max-width:46rem;margin:0 auto;padding:0 1.5rem}\n"
    "header{padding-top:2.5rem}\n"
    "main{padding-bottom:3rem}\n"
    "h1,h2{line-height:1.25;font-weight:650;margin:0;text-wrap:balance}\n"
    "h1{font-size:1.875rem;letter-spacing:-.012em}\n"
    "h2{font-size:1.1875rem}\n"
    "p,dl,ul{margin:0}\n"
    "section{margin-top:2.75rem;padding-top:1.25rem;border-top:1px solid var(--line)}\n"
    ".mark{color:var(--mark);font-size:.8125rem;font-weight:500}\n"
    "header .mark{width:fit-content;margin-bottom:1rem;padding:.125rem .625rem;"
    "border:1px solid currentcolor;border-radius:.25rem;font-weight:600}\n"
    "section .mark{margin-top:.125rem}\n"
    ".legend{margin-top:.5rem;color:var(--soft);font-size:.875rem}\n"
    "a{color:inherit;text-underline-offset:.2em}\n"
    ".running{display:none}\n",

    /* What the report is about, and its first figures. */
    ".facts{display:grid;grid-template-columns:max-content 1fr;gap:.125rem 1.25rem;"
    "margin-top:1rem;font-size:.875rem}\n"
    ".facts dt{color:var(--soft)}\n"
    ".facts dd{grid-column:2;margin:0;overflow-wrap:anywhere}\n"
    ".see{margin-top:.5rem;font-size:.875rem}\n"
    ".first{display:flex;flex-wrap:wrap;gap:1rem 3.5rem;margin-top:2rem}\n"
    ".first dt{color:var(--soft);font-size:.875rem}\n"
    ".first dd{margin:0;font-size:3.25rem;line-height:1.1;font-weight:600;letter-spacing:-.02em}\n",

    /* Tables. */
    ".pair{display:flex;flex-wrap:wrap;gap:1.75rem 2.5rem;align-items:flex-start;"
    "margin-top:1.25rem}\n"
    ".scroll{flex:1 1 16rem;min-width:0;overflow-x:auto}\n"
    ".scroll:focus-visible{outline:2px solid var(--bar);outline-offset:2px}\n"
    ".wide .scroll,.wide .charts{flex-basis:100%}\n"
    "table{width:100%;border-collapse:collapse;line-height:1.35}\n"
    ".wide table{width:auto;min-width:60%}\n"
    "caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);"
    "white-space:nowrap}\n"
    "th,td{padding:.3125rem 0 .3125rem 1.25rem;text-align:right;font-weight:400;"
    "border-bottom:1px solid var(--line);vertical-align:baseline;white-space:nowrap}\n"
    "th:first-child,td:first-child{padding-left:0}\n"
    "th.key{text-align:left;white-space:normal}\n"
    "thead "
    "th{vertical-align:bottom;white-space:normal;color:var(--soft);font-size:.875rem;border-bottom-"
    "color:var(--soft)}\n"
    ".total th,.total td{font-weight:650;border-bottom:0;border-top:1px solid var(--ink)}\n",

    /* Pictures. */
    ".charts{flex:1 1 20rem;min-width:0;display:flex;flex-wrap:wrap;align-items:flex-end;"
    "gap:1.5rem;overflow-x:auto}\n"
    "figure{margin:0;max-width:100%}\n"
    "figcaption{width:0;min-width:100%;font-size:.875rem;line-height:1.35;font-weight:600;"
    "margin-"
    "bottom:.25rem}\n"
    "svg{display:block;max-width:100%;height:auto;overflow:visible}\n"
    "svg text{font-size:12px;fill:var(--ink)}\n"
    "svg .label{fill:var(--soft)}\n"
    "svg .middle{text-anchor:middle;font-size:11px}\n"
    "svg .figure{font-weight:600}\n"
    "rect{fill:var(--bar)}\n"
    "line,.hatch{fill:none;stroke:var(--soft);stroke-width:1;shape-rendering:crispEdges}\n"
    ".hatch{shape-rendering:auto}\n",

    /* Words. */
    ".words{margin-top:.75rem;font-size:.9375rem}\n"
    ".words dt{font-weight:600;margin-top:.75rem}\n"
    ".words dd{margin:0;max-width:40rem}\n"
    ".notes{margin-top:.75rem;padding-left:1.25rem;font-size:.9375rem;max-width:40rem}\n"
    ".notes li+li{margin-top:.375rem}\n",

    "@media (max-width:30rem){header,main{padding-left:1rem;padding-right:1rem}"
    "header{padding-top:1.5rem}h1{font-size:1.5rem}th,td{padding-left:.625rem}"
    ".first{gap:1rem 2.5rem}.first dd{font-size:2.5rem}}\n",
    "@media (forced-colors:active){svg text{fill:CanvasText}rect{fill:CanvasText}"
    "line,.hatch{stroke:CanvasText}}\n",

    /* Paper: black on white, nothing torn apart. What runs is the head of a table that the page is, for the
     * head of a table is repeated on every page and keeps its place free. */
    "@page{size:A4;margin:12mm 18mm 16mm;"
    "@bottom-right{content:counter(page) \" / \" counter(pages);font:8pt sans-serif;"
    "color:#56606b}}\n"
    "@media print{:root{color-scheme:light}html{background:none}"
    "body{display:table;width:100%;font-size:10pt;line-height:1.4}"
    ".running{display:table-header-group;break-inside:avoid;font-size:8pt;color:var(--soft)}"
    ".running p{padding-bottom:7mm}"
    ".running .mark{font-size:8pt;float:right}"
    ".sheet{display:table-row-group}"
    "header,main{max-width:none;padding:0}header .mark{display:none}"
    "header{display:grid;grid-template-columns:1fr auto;column-gap:8mm;align-items:start}"
    "h1,.facts,.see{grid-column:1}.first{grid-column:2;grid-row:1/span 3;gap:4mm 8mm}"
    "h1{font-size:18pt}h2{font-size:12pt}.first{margin-top:0}.first dd{font-size:26pt}"
    "section{margin-top:6mm;padding-top:3mm}.pair{margin-top:3mm;gap:5mm 8mm}"
    ".facts,.see,.legend,.first dt,.words,.notes,thead th,figcaption{font-size:9pt}"
    ".words{columns:2;column-gap:8mm}.words div:first-child dt{margin-top:0}"
    "th,td{padding-top:.75mm;padding-bottom:.75mm}"
    "h2,.mark,figcaption{break-after:avoid}"
    ".turn{break-before:page}.wide,.narrow,h2,tr,figure,.words div,.notes li{break-inside:avoid}"
    ".scroll,.charts{overflow:visible}.charts{gap:3mm 4mm}}\n",
    NULL,
};
