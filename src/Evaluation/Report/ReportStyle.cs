namespace LeoCvae.Evaluation;

/// <summary>
/// The report's style sheet: light, dark, phone and print. Series differ in lightness and dash, entropies in lightness, for those who see
/// few colors.
/// </summary>
static class ReportStyle
{
    /// <summary>Text of the style element; without characters that XML would have escaped.</summary>
    public const string Css = """
        :root{color-scheme:light dark;--bg:#fff;--fg:#1b1f24;--soft:#59626d;--rule:#d9dee4;--card:#f6f8fa;--faint:#d3d9e0;--good:#12733c;
        --bad:#b3261e;--mark:#fff3cd;--mark-fg:#5c4400;
        --s0:#6b7280;--s1:#0072b2;--s2:#d55e00;--s3:#117a4b;--s4:#aa4499;--s5:#a87500;--s6:#2a9fc4;--s7:#882255;--s8:#332288;--s9:#7a7a2a;
        --e0:#9ebcda;--e1:#8c96c6;--e2:#8c6bb1;--e3:#88419d;--e4:#4d004b}
        @media screen and (prefers-color-scheme:dark){:root{--bg:#14171b;--fg:#e6e9ed;--soft:#a0aab5;--rule:#353b43;--card:#1c2127;
        --faint:#3d444d;--good:#5fd08c;--bad:#ff8a80;--mark:#4a3b0a;--mark-fg:#ffe69c;
        --s0:#a3acb8;--s1:#56b4e9;--s2:#ff8b4d;--s3:#5ccb8f;--s4:#e39bd3;--s5:#f0c040;--s6:#7fe0f5;--s7:#ff8fa8;--s8:#a9a0ff;--s9:#cfcf7a;
        --e0:#4f6792;--e1:#7185c8;--e2:#a67bd0;--e3:#dd8fd6;--e4:#ffd6ec}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--bg);color:var(--fg);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
        main{max-width:1240px;margin:0 auto;padding:20px 20px 48px}
        h1{font-size:1.6rem;line-height:1.2;margin:0 0 4px}h2{font-size:1.2rem;margin:36px 0 8px;border-bottom:1px solid var(--rule);
        padding-bottom:4px}h3{font-size:1rem;margin:20px 0 6px}
        p{margin:6px 0 10px;max-width:90ch}.soft,figcaption{color:var(--soft);font-size:.875rem}
        h1,h2,h3,p,li,dt,dd,th,td,figcaption{overflow-wrap:anywhere}
        .answer{font-size:1.1rem;font-weight:600}.mark{background:var(--mark);color:var(--mark-fg);padding:8px 12px;border-radius:6px;
        max-width:none}
        ul{margin:6px 0;padding-left:20px;max-width:100ch}li{margin:3px 0}ul.mark{padding-left:30px}
        .tables{display:flex;flex-wrap:wrap;gap:0 48px}.tables section{min-width:0;max-width:100%}.wide{overflow-x:auto;margin:8px 0}
        table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.8125rem;line-height:1.35}
        th,td{padding:5px 7px;text-align:right;vertical-align:top;border-bottom:1px solid var(--rule)}
        th:first-child{text-align:left;position:sticky;left:0;background:var(--bg);min-width:120px;max-width:240px;font-weight:600}
        td{white-space:nowrap}td span,td small{display:block}td small{color:var(--soft);font-size:.75rem}td .good,.good{color:var(--good);
        font-weight:600}td .bad,.bad{color:var(--bad);font-weight:600}
        .charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,320px),1fr));gap:16px;align-items:start}
        .small{grid-template-columns:repeat(auto-fill,minmax(min(100%,320px),1fr))}
        .panels{grid-template-columns:repeat(auto-fill,minmax(min(100%,165px),1fr));gap:10px}
        figure{margin:0;background:var(--card);border:1px solid var(--rule);border-radius:8px;padding:12px;break-inside:avoid;min-width:0;
        max-width:560px}.panels figure{padding:8px}
        figure h3{margin:0 0 6px}.panels h3{font-size:.8125rem}svg{display:block;width:100%;height:auto}svg text{font-size:10.5px;
        fill:var(--soft)}figcaption{margin-top:6px}
        .legend{display:flex;flex-wrap:wrap;gap:2px 12px;font-size:.8125rem;margin-top:6px;padding:0;list-style:none}
        .legend li{display:flex;align-items:center;gap:5px;margin:0}
        .key{width:14px;height:12px;border-radius:3px;flex:none;background:currentColor}
        .curve:is(.s5,.s6,.s7,.s8,.s9){background:repeating-linear-gradient(90deg,currentColor 0 4px,transparent 4px 6px)}
        .grid{stroke:var(--rule)}.axis{stroke:var(--soft)}.zero{stroke:var(--fg)}.guide{stroke:var(--soft);stroke-dasharray:4 4}
        .frame{fill:none;stroke:var(--rule)}
        .line{fill:none;stroke:currentColor;stroke-width:1.8;stroke-linejoin:round}.line:is(.s5,.s6,.s7,.s8,.s9){stroke-dasharray:6 3}
        .dot{fill:currentColor}.bar{fill:currentColor;fill-opacity:.85}.disc{fill:none;stroke:currentColor;stroke-width:5;
        stroke-linecap:round;stroke-opacity:.85}.cross{fill:none;stroke:currentColor;stroke-width:1.2}
        .whisker{stroke:currentColor;stroke-width:2}.box{fill:var(--card);stroke:currentColor;stroke-width:1.5}g circle{fill:currentColor;
        stroke:currentColor;stroke-width:1.5}g.none circle{fill:var(--card)}.none{color:var(--soft)}.faint{color:var(--faint)}
        .s0{color:var(--s0)}.s1{color:var(--s1)}.s2{color:var(--s2)}.s3{color:var(--s3)}.s4{color:var(--s4)}.s5{color:var(--s5)}
        .s6{color:var(--s6)}.s7{color:var(--s7)}.s8{color:var(--s8)}.s9{color:var(--s9)}
        .e0{color:var(--e0)}.e1{color:var(--e1)}.e2{color:var(--e2)}.e3{color:var(--e3)}.e4{color:var(--e4)}
        dl{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:4px 16px;margin:8px 0;font-size:.9rem}dt{color:var(--soft)}
        dd{margin:0;min-width:0}
        .meanings{display:block;columns:2 380px;column-gap:32px;font-size:.8125rem}.meanings div{break-inside:avoid;margin-bottom:6px}
        .meanings dt{font-weight:600;color:var(--fg)}.meanings dd{color:var(--soft)}
        @media screen and (max-width:640px){main{padding:14px 12px 32px}h1{font-size:1.25rem}.answer{font-size:1rem}.charts{gap:12px}
        dl{grid-template-columns:minmax(0,1fr);gap:0}dd{margin-bottom:6px}
        .tables,.wide{display:block;overflow:visible}table,tbody,tr,th:first-child,td{display:block}thead{display:none}
        th:first-child{position:static;max-width:none;padding:12px 0 2px;border:0}
        td{display:grid;grid-template-columns:minmax(44px,1fr) 88px 66px 106px;gap:0 5px;align-items:baseline;padding:3px 0;
        white-space:nowrap}td::before{content:attr(data-method);text-align:left;color:var(--soft);white-space:normal}
        .panels{grid-template-columns:repeat(auto-fill,minmax(140px,1fr))}}
        @media print{:root{color-scheme:light;--bg:#fff;--fg:#000;--soft:#444;--rule:#bbb;--card:#fff;--mark:#fff;--mark-fg:#000}
        @page{size:A4;margin:14mm}body{font-size:10pt}main{max-width:none;padding:0}.wide{overflow:visible}table{font-size:7pt;width:100%}
        td small{font-size:6.5pt}th,td{padding:2px 3px}
        th:first-child{position:static;min-width:0}.charts{grid-template-columns:1fr 1fr 1fr;gap:8px;padding-right:1px}
        .panels{grid-template-columns:repeat(4,1fr)}figure{padding:6px}svg text{font-size:12px}
        figcaption,.legend{font-size:7.5pt}h2,h3,p:has(+.panels){break-after:avoid}tr{break-inside:avoid}.mark{border:1px solid #000}
        *{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
        """;
}
