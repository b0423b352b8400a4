"""What the sender should do about each reason of :mod:`include.ingest.reasons`, in the sender's own language.

A cure is a step that a clerk can take with a spreadsheet or with the system that exported the file. Nothing is ever
mended by guessing on our side, so every cure ends with the sender.
"""

from __future__ import annotations

ROW_CURES = {
    "missing_required": "补填该单元格后重新报送；确实没有的，请与民政局联系说明。",
    "bad_length": "核对证件原件，填写完整的 18 位（或旧证 15 位）号码。",
    "bad_date": "改为真实存在的日期，写作 2021-07-01；身份证号请核对其中的出生日期。",
    "bad_checksum": "核对证件原件，多为抄错或漏写一位；末位为 X 的请写大写 X。",
    "masked": "报送未打码的完整号码（通过专线或加密介质）。",
    "lost_precision": "在导出前把该列设为“文本”格式，再从业务系统重新导出；不要在表格里手工补位。",
    "bad_money": "只填数字，最多两位小数，如 1234.50；单位为元。",
    "implausible_amount": "核对金额与单位：一律以元为单位，不要以分或万元为单位。",
    "bad_number": "只填数字，如 0.5；不要写文字说明。",
    "bad_int": "只填整数，如 3；不要写小数或文字。",
    "bad_month": "写作 202107 或 2021-07。",
    "bad_bool": "只填“是”或“否”。",
    "bad_enum": "从规定的选项中选填，见“列与约定”一表；选项之外的情况请与民政局联系。",
    "unresolved_region": "写镇街、村居的现行全称，如“三星镇”“叠石桥村”，或 12 位区划代码。",
    "mojibake": "从业务系统重新导出，编码选 UTF-8 或 GB18030；不要用已经出现乱码的文件另存。",
    "replaced_in_file": "同一主键出现多行且内容不同，已采用最后一行；如不对，请删去多余的行后重新报送。",
    "too_few_fields": "本行缺列：补齐分隔符，或改用 XLSX 报送。",
    "too_many_fields": "本行多列：内容中带分隔符或换行的，请加英文双引号，或改用 XLSX 报送。",
    "no_cached_value": "用 Excel 或 WPS 打开工作簿，等公式算出结果后保存，再重新报送；或把公式粘贴为数值。",
    "unclosed_quote": "补上缺少的英文双引号，或改用 XLSX 报送。",
}

FILE_CURES = {
    "bad_name": "按“数据集_年月[_镇街].扩展名”改名后重新报送，如 payment_202107.csv。",
    "unknown_dataset": "放到所属部门、所属数据集的文件夹中；新的数据请先与民政局商定内容。",
    "future_period": "核对文件名中的年月，改正后重新报送。",
    "not_a_regular_file": "直接放文件本身，不要放快捷方式或链接。",
    "unknown_format": "另存为 XLSX 或 CSV 后重新报送。",
    "empty_file": "文件没有内容，请重新导出；本期确无数据的，保留表头报送即可。",
    "no_rows": "本数据不允许为空，请重新导出完整名单。",
    "no_header": "保留一行表头，列名与约定一致，放在数据之上。",
    "missing_column": "补上所缺的列（列名与约定一致）后重新报送整个文件。",
    "duplicate_column": "两列都像同一项内容，请删去一列或改回约定的列名。",
    "other_unit": "金额一律以元为单位：改换算后的金额，并改表头或标题中的单位。",
    "broken_workbook": "用办公软件打开并另存为 XLSX，确认能打开后重新报送。",
    "protected_workbook": "取消打开密码后重新报送；需要保密的，请走专线或加密介质。",
    "macro_workbook": "另存为不含宏的 XLSX 后重新报送。",
    "wrong_extension": "用 Excel 或 WPS 打开，另存为 XLSX（不要只改扩展名）后重新报送。",
    "external_entity": "用办公软件另存为新的 XLSX 后重新报送。",
    "broken_archive": "重新压缩为 ZIP，确认能解开后重新报送。",
    "protected_archive": "压缩时不要设密码，重新报送。",
    "unsafe_archive": "只压缩数据文件本身：不带路径、链接和嵌套的压缩包。",
    "too_large": "拆成几个较小的文件，按“_01”“_02”编号报送。",
    "no_members": "压缩包里要有 CSV 或 XLSX 数据文件。",
    "too_many_bad_rows": "坏行超过十分之一，整份已暂扣，未替换上一份。请按“逐条问题”改正后重新报送整份文件。",
    "shrunk_too_far": "比上一份少了三成以上，整份已暂扣，未替换上一份。漏报的请补全后重报整份；确实减少的请说明。",
    "grown_too_far": "比上一份多了三成以上，整份已暂扣，未替换上一份。多报的请更正后重报整份；确实增加的请说明。",
    "refused_by_decision": "经核定不予采用，请核对后重新报送整份文件。",
    "duplicate": "与以前收到的文件内容完全相同，未重复入库。如需更正，请报送改正后的文件；本期确无变化的，不必处理。",
    "crashed_reader": "用办公软件打开，只留数据，另存为新的 XLSX 或 UTF-8 的 CSV 后重新报送；仍不行请与民政局联系。",
    "unreadable": "用办公软件打开并另存为 XLSX 或 UTF-8 的 CSV 后重新报送；仍不行请与民政局联系。",
}

_ASK = "请与民政局联系。"


def row_cure(code: str) -> str:
    """What to send instead of a row that was kept back for this reason."""
    return ROW_CURES.get(code, _ASK)


def file_cure(code: str) -> str:
    """What to do about a file that was kept back for this reason."""
    return FILE_CURES.get(code, _ASK)
