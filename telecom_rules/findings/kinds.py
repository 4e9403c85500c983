"""Words for the kinds of things in a pack, as messages name them."""

from telecom_rules.wording import Wording

SOURCE = Wording("依据文件", "source")
CLAUSE = Wording("条款", "clause")
CALENDAR = Wording("日历", "calendar")
CATALOGUE = Wording("目录", "catalogue")
CODE = Wording("代码", "code")
FACTS = Wording("事实类型", "kind of facts")
FACT = Wording("数据项", "fact")
CONDITION = Wording("一致性条件", "condition of consistency")
PARAMETER = Wording("参数", "parameter")

POLICY = Wording("策略", "policy")
RULE = Wording("规则", "rule")
CHECK = Wording("检查项", "check")
OUTPUT = Wording("输出", "output")

WORKFLOW = Wording("流程", "workflow")
STATE = Wording("状态", "state")
EVENT = Wording("事件", "event")
EFFECT = Wording("待办事项", "effect")
FIELD = Wording("字段", "field")
ROLE = Wording("角色", "role")
TRANSITION = Wording("转换", "transition")
CLOCK = Wording("时限", "clock")
PROPERTY = Wording("流程约束", "property")
STATUS = Wording("对应状态", "status")
MATTER = Wording("事项", "matter")
SCENARIO = Wording("场景", "scenario")
VOCABULARY = Wording("状态词汇表", "vocabulary under `maps`")
