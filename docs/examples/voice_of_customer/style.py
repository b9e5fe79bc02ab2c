"""How the page looks."""

STYLE = """
:root { --ink: #1c2430; --soft: #667085; --line: #e3e7ee; --ground: #f6f7f9; --blue: #3b6fb6 }
* { box-sizing: border-box }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--ground); margin: 0 auto;
  max-width: 74rem; padding: 1.5rem }
h1 { font-size: 1.7rem; margin: 0 } h2 { font-size: 1.15rem; margin: 0 0 .4rem }
h3 { font-size: .95rem; margin: .6rem 0 0 }
p { color: var(--soft); margin: .2rem 0 .8rem } ul { font-size: 13.5px; margin: .3rem 0; padding-left: 1.2rem }
section { background: white; border: 1px solid var(--line); border-radius: .6rem; margin: 1.2rem 0;
  padding: 1.1rem 1.3rem }
.tiles { display: grid; gap: .8rem; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); margin-top: 1rem }
.tiles div { background: white; border: 1px solid var(--line); border-radius: .6rem; padding: .8rem 1rem }
.tiles b { display: block; font-size: 1.4rem; font-variant-numeric: tabular-nums }
.tiles span { font-weight: 600 } .tiles i { color: var(--soft); display: block; font-size: .8rem; font-style: normal }
.scroll { overflow-x: auto }
.plain { border-collapse: collapse; font-size: 13px }
.plain td { border-bottom: 1px solid var(--line); padding: .25rem 1.2rem .25rem 0 }
.plain .number { font-variant-numeric: tabular-nums; text-align: right }
svg { display: block; max-width: 100% } svg text { font: 12px system-ui, sans-serif }
svg .axis { fill: var(--soft) } svg .said { fill: var(--ink); font-weight: 600 }
svg .area { fill: #3b6fb622 } svg .line { fill: none; stroke: var(--blue); stroke-width: 1.8 }
svg .dot { fill: var(--blue) } svg .level { stroke: var(--line) }
@media (max-width: 46rem) { body { padding: .8rem } section { padding: .9rem } }
"""
