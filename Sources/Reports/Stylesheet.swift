/// How a page looks: in light and in dark, on a phone, on a desk and on paper.
enum Stylesheet {
    static let text = """
        :root {
          color-scheme: light dark;
          --paper: #ffffff; --ink: #1b1f24; --soft: #57606a; --rule: #d8dee4; --panel: #f6f8fa;
          --c0: #0b5cad; --c1: #b93a0a; --c2: #0a7350; --c3: #7434b0; --c4: #8a5a00; --c5: #3d4a5c;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --paper: #0f1317; --ink: #e7ebf0; --soft: #a3adb8; --rule: #323a44; --panel: #171c22;
            --c0: #73b7ff; --c1: #ff9d6e; --c2: #56d4a4; --c3: #d0a8ff; --c4: #e6b84d; --c5: #c3ccd6;
          }
        }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
        main { max-width: 1240px; margin: 0 auto; padding: 24px 16px 64px; }
        h1 { font-size: 28px; line-height: 1.2; margin: 0 0 4px; }
        h2 { font-size: 20px; margin: 44px 0 8px; padding-top: 12px; border-top: 1px solid var(--rule); }
        p { max-width: 74ch; margin: 8px 0; }
        .lead, .small, caption, figcaption { color: var(--soft); }
        .small { font-size: 14px; margin: 4px 0; }
        pre { background: var(--panel); padding: 12px; overflow-x: auto; font-size: 13px; border-radius: 6px;
          white-space: pre-wrap; overflow-wrap: anywhere; }
        .plots { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(340px, 100%), 1fr)); gap: 20px 24px; }
        figure { margin: 12px 0 0; min-width: 0; break-inside: avoid; }
        figcaption { font-weight: 600; color: var(--ink); font-size: 15px; }
        .plot { display: block; width: 100%; height: auto; max-width: 520px; }
        .plot.wide { max-width: none; }
        .plot.narrow { display: none; }
        @media (max-width: 700px) {
          .plot.wide { display: none; }
          .plot.narrow { display: block; }
          main { padding: 16px 12px 48px; }
          h1 { font-size: 24px; }
        }
        svg text { fill: var(--ink); font: 12px system-ui, sans-serif; }
        svg .label { fill: var(--soft); }
        svg .note { fill: var(--soft); font-size: 11px; }
        .grid { stroke: var(--rule); stroke-width: 1; }
        .axis { stroke: var(--soft); stroke-width: 1; }
        .ideal { stroke: var(--soft); stroke-width: 1.5; }
        .roof { stroke: var(--ink); stroke-width: 1.5; }
        .series { fill: none; stroke-width: 2; }
        .whisker { stroke-width: 1.2; opacity: .75; }
        .mark { fill: var(--paper); stroke-width: 1.6; }
        .c0 { stroke: var(--c0); color: var(--c0); } .c1 { stroke: var(--c1); color: var(--c1); }
        .c2 { stroke: var(--c2); color: var(--c2); } .c3 { stroke: var(--c3); color: var(--c3); }
        .c4 { stroke: var(--c4); color: var(--c4); } .c5 { stroke: var(--c5); color: var(--c5); }
        .mark.full { fill: currentColor; }
        .box { fill: currentColor; stroke: var(--paper); stroke-width: 1; }
        svg .boxed { fill: var(--paper); font-weight: 600; }
        .other { fill: var(--soft); }
        .handover { fill: var(--ink); }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; font-size: 14px; font-variant-numeric: tabular-nums; margin: 8px 0; }
        caption { text-align: left; padding-bottom: 4px; }
        th, td { padding: 4px 10px; text-align: right; border-bottom: 1px solid var(--rule); white-space: nowrap; }
        th { font-weight: 600; white-space: normal; vertical-align: bottom; }
        .word { text-align: left; white-space: normal; overflow-wrap: anywhere; min-width: 6em; }
        summary { cursor: pointer; color: var(--soft); font-size: 14px; }
        @media print { details { display: block; } main { max-width: none; } }
        """
}
