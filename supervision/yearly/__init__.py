"""年报数据: each unit's figures of a year for 政府信息公开工作年度报告, and the district's sums."""
