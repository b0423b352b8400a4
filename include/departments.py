"""What each department is called where its people read it."""

from __future__ import annotations

NAMES = {
    "civil_affairs": "民政局",
    "disabled_federation": "残疾人联合会",
    "education": "教育局",
    "emergency": "应急管理局",
    "finance": "财政局",
    "health": "卫生健康委员会",
    "hotline": "12345 热线",
    "housing_fund": "住房公积金管理中心",
    "human_resources": "人力资源和社会保障局",
    "justice": "司法局",
    "market_regulation": "市场监督管理局",
    "medical_insurance": "医疗保障局",
    "natural_resources": "自然资源和规划局",
    "public_security": "公安局",
    "rural_affairs": "农业农村局",
    "taxation": "税务局",
    "verification_centre": "居民家庭经济状况核对中心",
}


def name_of(department: str) -> str:
    """A department's Chinese name; its code where nobody gave it one."""
    return NAMES.get(department, department)
