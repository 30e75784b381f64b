"""期限: legal periods counted on a sourced calendar, with a proof. Pure: no database, no web, no clock.

Read in this order: `calendar` (which days are working days), `rule` (how long), `compute` (until when),
`proof` and `verify` (why), `light` and `words` (what people see).
"""
