"""How the page looks."""

STYLE = """
:root { --ink: #1c2430; --soft: #667085; --line: #e3e7ee; --ground: #f6f7f9; --gain: #2f7d6d; --loss: #c2703d }
* { box-sizing: border-box }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--ground); margin: 0 auto;
  max-width: 74rem; padding: 1.5rem }
h1 { font-size: 1.7rem; margin: 0 } h2 { font-size: 1.15rem; margin: 0 0 .4rem }
h3 { font-size: .95rem; margin: 1.2rem 0 .3rem }
p { color: var(--soft); margin: .2rem 0 .8rem } p b { color: var(--ink) }
section { background: white; border: 1px solid var(--line); border-radius: .6rem; margin: 1.2rem 0;
  padding: 1.1rem 1.3rem }
.scroll { overflow-x: auto }
table { border-collapse: collapse; font-size: 13.5px; font-variant-numeric: tabular-nums }
td, th { border-bottom: 1px solid var(--line); padding: .28rem 1.2rem .28rem 0; text-align: left; vertical-align: top }
.plain td, .plain th { text-align: right } .plain td:first-child, .plain th:first-child { text-align: left }
td.number, th.number { text-align: right; white-space: nowrap }
.words { width: 100% } .words td:first-child { white-space: nowrap }
.wide { width: 50%; vertical-align: middle; padding-right: 0 }
.bar { height: .8em; min-width: 1px }
.gain { fill: var(--gain); background: var(--gain) } .loss { fill: var(--loss); background: var(--loss) }
.same { fill: #8a97a5; background: #8a97a5 } .loss-text { color: var(--loss); font-weight: 600 }
.person { border-top: 1px solid var(--line); padding: .8rem 0 .4rem }
.owed { display: inline-block; margin: 0 2.5rem 1rem 0; vertical-align: top }
details { margin: .5rem 0 } summary { cursor: pointer; color: var(--soft) } summary b { color: var(--ink) }
svg { display: block; max-width: 100% } svg text { font: 12px system-ui, sans-serif; fill: var(--soft) }
svg .level { stroke: var(--line) }
@media (max-width: 46rem) { body { padding: .8rem } section { padding: .9rem } .wide { width: 30% }
  table { font-size: 12px } td, th { padding-right: .6rem } svg text { font-size: 28px } svg .less { display: none } }
"""
