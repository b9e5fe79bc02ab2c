"""How the page looks."""

STYLE = """
:root { --ink: #1c2430; --soft: #667085; --line: #e3e7ee; --ground: #f6f7f9; --blue: #3b6fb6; --green: #2e8b57;
  --red: #c8442f; --yellow: #d99a1c }
* { box-sizing: border-box }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--ground); margin: 0 auto;
  max-width: 92rem; padding: 1.5rem }
h1 { font-size: 1.7rem; margin: 0 } h2 { font-size: 1.15rem; margin: 0 0 .8rem } h3 { font-size: .95rem; margin: 0 }
p { color: var(--soft); margin: .2rem 0 .8rem }
section { background: white; border: 1px solid var(--line); border-radius: .6rem; margin: 1.2rem 0;
  padding: 1.1rem 1.3rem }
.tiles { display: grid; gap: .8rem; grid-template-columns: repeat(auto-fit, minmax(10rem, 1fr)) }
.tiles div { background: white; border: 1px solid var(--line); border-radius: .6rem; padding: .8rem 1rem }
.tiles b { display: block; font-size: 1.5rem; font-variant-numeric: tabular-nums }
.tiles span { font-weight: 600 } .tiles i { color: var(--soft); display: block; font-size: .8rem; font-style: normal }
.scroll { overflow-x: auto } table { border-collapse: collapse; font-size: 13.5px; margin: .4rem 0 1rem }
th { color: var(--soft); font-weight: 500 }
th, td { border-bottom: 1px solid var(--line); padding: .35rem 1.2rem .35rem 0; text-align: left;
  vertical-align: middle }
.number { font-variant-numeric: tabular-nums; text-align: right; white-space: nowrap }
td:last-child, th:last-child { padding-right: 0 }
.bar { background: #e9edf3; border-radius: .3rem; display: inline-block; height: .7rem; position: relative;
  vertical-align: middle; width: 9rem }
.bar i { background: var(--red); border-radius: .3rem; display: block; height: 100% }
.bar.on_track i { background: var(--green) } .bar.at_risk i { background: var(--yellow) }
.bar u { border-left: 2px solid var(--ink); height: 1.1rem; position: absolute; top: -.2rem }
.bar + small { margin-left: .6rem }
.step { border-radius: .2rem; height: 1.3rem; min-width: 2px }
.whole { background: var(--blue) } .up { background: var(--green) } .down { background: var(--red) }
.bridge table, .funnel table { width: 100% }
.bridge td:first-child, .funnel td:first-child { white-space: nowrap; width: 7rem }
.bridge td:nth-child(2), .funnel td:nth-child(2) { width: 55% }
.bridge td:nth-child(3) { color: var(--soft); font-size: 12px }
.board { align-items: start; display: grid; gap: .8rem; grid-auto-columns: minmax(12.4rem, 1fr); grid-auto-flow: column;
  overflow-x: auto; padding-bottom: .5rem }
.beside { display: flex; flex-wrap: wrap; gap: 0 5rem }
.column { background: var(--ground); border-radius: .5rem; border-top: 3px solid var(--blue); max-height: 56rem;
  overflow-y: auto; padding: .7rem }
.column.won { border-color: var(--green) } .column.lost { border-color: var(--soft) }
.column small, article small { color: var(--soft); font-weight: 400 }
.column p { font-size: .85rem; margin: 0 0 .6rem }
article { background: white; border: 1px solid var(--line); border-left: 4px solid var(--line); border-radius: .4rem;
  font-size: 12.5px; line-height: 1.4; margin-bottom: .55rem; padding: .5rem .6rem }
article > * { display: block } article b { font-size: 13px }
article .amount { font-variant-numeric: tabular-nums } article em { color: var(--soft); font-style: normal }
article.fault { border-left-color: var(--red) } article.doubt { border-left-color: var(--yellow) }
mark { background: #eef1f5; border-radius: .7rem; color: var(--ink); display: inline-block; font-size: 11px;
  margin: .25rem .25rem 0 0; padding: 0 .5rem }
mark.fault { background: #fbe4df; color: #8f2413 } mark.doubt { background: #fdf1d6; color: #7a5200 }
details { border-top: 1px solid var(--line); padding: .4rem 0 } summary { cursor: pointer; font-size: 13.5px }
@media (max-width: 46rem) {
  body { padding: .8rem } section { padding: .9rem }
  .bridge td:nth-child(2), .funnel td:nth-child(2) { min-width: 8rem; width: auto }
  .bridge :is(td, th):nth-child(3), .funnel :is(td, th):nth-child(4) { display: none }
  .bar { width: 5rem }
}
"""
