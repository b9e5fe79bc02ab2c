"""How the page looks."""

STYLE = """
:root { --ink: #1c2430; --soft: #667085; --line: #e3e7ee; --ground: #f6f7f9; --blue: #3b6fb6; --green: #2e8b57;
  --red: #c8442f; --yellow: #d99a1c }
* { box-sizing: border-box }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--ground); margin: 0 auto;
  max-width: 78rem; padding: 1.5rem }
h1 { font-size: 1.7rem; margin: 0 } h2 { font-size: 1.15rem; margin: 0 0 .6rem }
h3 { font-size: .95rem; margin: 1rem 0 .2rem }
p { color: var(--soft); margin: .2rem 0 .8rem }
section { background: white; border: 1px solid var(--line); border-radius: .6rem; margin: 1.2rem 0;
  padding: 1.1rem 1.3rem }
.tiles { display: grid; gap: .8rem; grid-template-columns: repeat(auto-fit, minmax(10rem, 1fr)); margin-top: 1rem }
.tiles div { background: white; border: 1px solid var(--line); border-radius: .6rem; padding: .8rem 1rem }
.tiles b { display: block; font-size: 1.5rem; font-variant-numeric: tabular-nums }
.tiles span { font-weight: 600 } .tiles i { color: var(--soft); display: block; font-size: .8rem; font-style: normal }
.halves { display: grid; gap: 0 1.2rem; grid-template-columns: repeat(auto-fit, minmax(24rem, 1fr)) }
.scroll { overflow-x: auto } .scroll > table { border-collapse: collapse; font-size: 13.5px; margin: .4rem 0 .6rem }
.scroll > table :is(th, td) { border-bottom: 1px solid var(--line); padding: .32rem 1.4rem .32rem 0; text-align: left;
  vertical-align: middle }
.scroll > table th { color: var(--soft); font-weight: 500 }
.scroll > table .number { font-variant-numeric: tabular-nums; text-align: right; white-space: nowrap }
.scroll > table :is(td, th):last-child { padding-right: 0 }
.bar { background: #e9edf3; border-radius: .3rem; display: flex; height: .75rem; overflow: hidden; width: 13rem }
.bar i { display: block; height: 100% }
.met, .ok { background: var(--green) } .missed { background: var(--yellow) } .overdue { background: var(--red) }
.plain { background: var(--blue) }
mark { background: #eef1f5; border-radius: .7rem; color: var(--ink); font-size: 12px; padding: .05rem .55rem;
  white-space: nowrap }
mark.overdue, mark.failed { background: #fbe4df; color: #8f2413 }
mark.soon { background: #fdf1d6; color: #7a5200 }
svg { display: block; max-width: 100% } svg text { font: 12px system-ui, sans-serif }
svg .axis { fill: var(--soft) } svg .said { fill: var(--ink); font-weight: 600 }
svg .area { fill: #3b6fb622 } svg .line { fill: none; stroke: var(--blue); stroke-width: 1.6 }
svg .peak { fill: var(--red) } svg .level, svg .tick { stroke: var(--line) }
svg .came { fill: var(--blue) } svg .left { fill: var(--green) }
svg .status { fill: white; stroke: var(--line); stroke-width: 1.5 }
svg .status.open { stroke: var(--blue) } svg .status.waiting { stroke: var(--yellow) }
svg .status.resolved { stroke: var(--green) } svg .status.closed { stroke: var(--soft) }
svg .move { fill: none; marker-end: url(#tip); stroke: var(--soft); stroke-width: 1.3 } svg .tip { fill: var(--soft) }
details { border-top: 1px solid var(--line); margin-top: .6rem; padding: .4rem 0 }
summary { cursor: pointer; font-size: 13.5px } pre { font-size: 12px; overflow-x: auto }
.came::before, .left::before { content: ""; display: inline-block; height: .7rem; margin-right: .4rem; width: .7rem }
.came::before { background: var(--blue) } .left::before { background: var(--green) }
p span { margin-right: 1.2rem }
@media (max-width: 46rem) { body { padding: .8rem } section { padding: .9rem } .bar { width: 6rem } }
"""
