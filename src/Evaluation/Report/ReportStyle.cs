namespace LeoCvae.Evaluation;

/// <summary>The report's style sheet: light, dark, phone and print.</summary>
static class ReportStyle
{
    /// <summary>Text of the style element; without characters that XML would have escaped.</summary>
    public const string Css = """
        :root{color-scheme:light dark;--bg:#fff;--fg:#1b1f24;--soft:#5c6570;--rule:#d9dee4;--card:#f6f8fa;--good:#12733c;--bad:#b3261e;--mark:#fff3cd;--mark-fg:#5c4400;
        --s0:#6b7280;--s1:#1f6fd6;--s2:#d9480f;--s3:#2b8a3e;--s4:#ae3ec9;--s5:#c2255c;--s6:#0c8599;--s7:#a07400;--s8:#5f3dc4;--s9:#868e96;
        --e0:#3b6fb6;--e1:#4aa3a2;--e2:#8fae3c;--e3:#e09a1f;--e4:#d6336c}
        @media (prefers-color-scheme:dark){:root{--bg:#14171b;--fg:#e6e9ed;--soft:#9aa4af;--rule:#353b43;--card:#1c2127;--good:#5fd08c;--bad:#ff8a80;--mark:#4a3b0a;--mark-fg:#ffe69c;
        --s0:#a3acb8;--s1:#6aa9ff;--s2:#ff8b4d;--s3:#63c97a;--s4:#d98cf0;--s5:#ff7fa8;--s6:#4fc3d7;--s7:#e0b33a;--s8:#a48cf5;--s9:#c1c7ce;
        --e0:#6d9be0;--e1:#5cc4c2;--e2:#b4d455;--e3:#f5b94a;--e4:#ff6f9f}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--bg);color:var(--fg);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
        main{max-width:1120px;margin:0 auto;padding:20px 16px 48px}
        h1{font-size:1.6rem;line-height:1.2;margin:0 0 4px}h2{font-size:1.2rem;margin:36px 0 8px;border-bottom:1px solid var(--rule);padding-bottom:4px}h3{font-size:1rem;margin:20px 0 6px}
        p{margin:6px 0 10px;max-width:75ch}.soft,figcaption{color:var(--soft);font-size:.875rem}
        h1,p,li,dd,th,td{overflow-wrap:anywhere}
        .answer{font-size:1.1rem;font-weight:600}.mark{background:var(--mark);color:var(--mark-fg);padding:8px 12px;border-radius:6px;max-width:none}
        ul{margin:6px 0;padding-left:20px;max-width:90ch}
        .wide{overflow-x:auto;margin:8px 0}
        table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.875rem;line-height:1.35}
        th,td{padding:6px 10px;text-align:right;vertical-align:top;border-bottom:1px solid var(--rule);overflow-wrap:normal}
        thead th{vertical-align:bottom;min-width:88px}
        th:first-child{text-align:left;position:sticky;left:0;background:var(--bg);max-width:150px;overflow-wrap:break-word}
        td{white-space:nowrap}td small{display:block;color:var(--soft)}.good{color:var(--good);font-weight:600}.bad{color:var(--bad);font-weight:600}
        .charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,320px),1fr));gap:16px;align-items:start}
        .small{grid-template-columns:repeat(auto-fill,minmax(min(100%,320px),1fr))}
        figure{margin:0;background:var(--card);border:1px solid var(--rule);border-radius:8px;padding:12px;break-inside:avoid;min-width:0;max-width:560px}
        figure h3{margin:0 0 6px}svg{display:block;width:100%;height:auto}svg text{font-size:10.5px;fill:var(--soft)}
        .legend{display:flex;flex-wrap:wrap;gap:2px 12px;font-size:.8125rem;margin-top:6px;padding:0;list-style:none}.legend li{display:flex;align-items:center;gap:5px}
        .key{width:12px;height:12px;border-radius:3px;flex:none;background:currentColor}
        .grid{stroke:var(--rule)}.axis{stroke:var(--soft)}.zero{stroke:var(--fg)}.guide{stroke:var(--soft);stroke-dasharray:4 4}
        .line{fill:none;stroke:currentColor;stroke-width:1.8;stroke-linejoin:round}.dot{fill:currentColor}.bar{fill:currentColor;fill-opacity:.85}.disc{fill:currentColor;fill-opacity:.75}.cross{fill:none;stroke:currentColor;stroke-width:1.3}
        .whisker{stroke:currentColor;stroke-width:2}g circle{fill:currentColor}.none{color:var(--soft)}
        .s0{color:var(--s0)}.s1{color:var(--s1)}.s2{color:var(--s2)}.s3{color:var(--s3)}.s4{color:var(--s4)}.s5{color:var(--s5)}.s6{color:var(--s6)}.s7{color:var(--s7)}.s8{color:var(--s8)}.s9{color:var(--s9)}
        .e0{color:var(--e0)}.e1{color:var(--e1)}.e2{color:var(--e2)}.e3{color:var(--e3)}.e4{color:var(--e4)}
        dl{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:4px 16px;margin:8px 0;font-size:.9rem}dt{color:var(--soft)}dd{margin:0;min-width:0}
        @media (max-width:480px){main{padding:14px 12px 32px}th,td{padding:5px 7px}.charts{gap:12px}}
        @media print{:root{color-scheme:light;--bg:#fff;--fg:#000;--soft:#444;--rule:#bbb;--card:#fff;--good:#0a5c2e;--bad:#9b1c15;--mark:#fff;--mark-fg:#000;
        --s0:#6b7280;--s1:#1f6fd6;--s2:#d9480f;--s3:#2b8a3e;--s4:#ae3ec9;--s5:#c2255c;--s6:#0c8599;--s7:#a07400;--s8:#5f3dc4;--s9:#868e96;--e0:#3b6fb6;--e1:#4aa3a2;--e2:#8fae3c;--e3:#e09a1f;--e4:#d6336c}
        @page{size:A4;margin:14mm}body{font-size:10pt}main{max-width:none;padding:0}.wide{overflow:visible}table{font-size:7pt;width:100%}th,td{padding:2px 4px}thead th{min-width:0}th:first-child{position:static}
        .charts{grid-template-columns:1fr 1fr 1fr;gap:8px;padding-right:1px}.screen{display:none}figure{padding:6px}svg text{font-size:12px}figcaption,.legend{font-size:7.5pt}h2,h3{break-after:avoid}tr{break-inside:avoid}.mark{border:1px solid #000}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
        """;
}
