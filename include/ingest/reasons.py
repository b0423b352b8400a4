"""Every reason for which a row or a file is kept back, in the words that its sender reads."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Reason:
    """Why something was kept back: a code that never changes, and its wording in Chinese and English."""

    code: str
    chinese: str
    english: str

    def __str__(self) -> str:
        return f"{self.chinese} / {self.english}"


def _catalogue(*reasons: Reason) -> dict[str, Reason]:
    return {reason.code: reason for reason in reasons}


ROW_REASONS = _catalogue(
    Reason("missing_required", "必填项为空", "a required value is empty"),
    Reason("bad_length", "身份证号位数不对", "an identity number of the wrong length"),
    Reason("bad_date", "日期不存在或无法识别", "a date that does not exist or cannot be read"),
    Reason("bad_checksum", "身份证号校验码不符", "an identity number whose check digit does not fit"),
    Reason("masked", "身份证号已打码", "a masked identity number"),
    Reason("lost_precision", "身份证号被存成数字，后几位已丢失", "an identity number stored as a number, its end lost"),
    Reason("bad_money", "金额无法识别", "an amount that cannot be read"),
    Reason(
        "implausible_amount", "金额超出常理，单位可能不是元", "an amount beyond what is plausible; perhaps not in yuan"
    ),
    Reason("bad_number", "数值无法识别", "a number that cannot be read"),
    Reason("bad_int", "整数无法识别", "a whole number that cannot be read"),
    Reason("bad_month", "年月无法识别", "a month that cannot be read"),
    Reason("bad_bool", "是否项无法识别", "a yes or no that cannot be read"),
    Reason("bad_enum", "不在规定的选项之内", "a value that is none of the listed ones"),
    Reason("unresolved_region", "镇街或村居无法对应", "a town or village that cannot be resolved"),
    Reason("mojibake", "乱码", "characters damaged by a wrong encoding"),
    Reason("replaced_in_file", "同一文件中后面的行替换了本行", "a later row of the same file replaces this one"),
    Reason("too_few_fields", "本行列数少于表头", "fewer fields than the header has"),
    Reason("too_many_fields", "本行列数多于表头", "more fields than the header has"),
    Reason(
        "no_cached_value",
        "公式没有保存计算结果，请用 Excel 或 WPS 打开并保存后再发",
        "a formula without a stored value; open the workbook in Excel or WPS, save it and send it again",
    ),
    Reason("unclosed_quote", "引号未闭合", "a quotation mark that is never closed"),
)

FILE_REASONS = _catalogue(
    Reason("bad_name", "文件名不合规定", "the file name does not follow the rule"),
    Reason("unknown_dataset", "没有契约的数据集", "a dataset that no contract knows"),
    Reason("future_period", "所属年月在未来", "the period lies in the future"),
    Reason("not_a_regular_file", "不是普通文件", "not a regular file"),
    Reason("unknown_format", "不支持的文件格式", "a file format that is not supported"),
    Reason("empty_file", "空文件", "an empty file"),
    Reason("no_rows", "没有数据行，而本数据集不允许为空", "no rows, which this dataset does not allow"),
    Reason("no_header", "找不到表头", "no header row was found"),
    Reason("missing_column", "缺少必需的列", "a required column is missing"),
    Reason("duplicate_column", "两列对应同一表头", "two columns claim one header"),
    Reason("other_unit", "金额的单位不是元", "amounts that are not in yuan"),
    Reason("broken_workbook", "工作簿已损坏", "a broken workbook"),
    Reason(
        "protected_workbook",
        "工作簿有密码保护，请取消密码后再发",
        "a workbook protected by a password; take the password off and send it again",
    ),
    Reason(
        "macro_workbook",
        "工作簿含宏，请另存为 xlsx 再发",
        "a workbook with macros; save it as xlsx and send that",
    ),
    Reason("wrong_extension", "扩展名与内容不符", "a name that belongs to another kind of file"),
    Reason("external_entity", "工作簿含外部实体", "a workbook with XML entities"),
    Reason("broken_archive", "压缩包已损坏", "a broken archive"),
    Reason("protected_archive", "压缩包有密码保护", "an archive protected by a password"),
    Reason("unsafe_archive", "压缩包含不安全的成员", "an archive with unsafe members"),
    Reason("too_large", "超出大小限制", "beyond the limits of size"),
    Reason("no_members", "压缩包内没有可读的表格", "an archive without a readable table"),
    Reason("too_many_bad_rows", "坏行超过十分之一，暂扣待核", "more than a tenth of the rows are bad; held"),
    Reason("shrunk_too_far", "行数比上一份减少三成以上，暂扣待核", "more than 30 % smaller than the last one; held"),
    Reason("grown_too_far", "行数比上一份增加三成以上，暂扣待核", "more than 30 % larger than the last one; held"),
    Reason("refused_by_decision", "暂扣后经人工核定不予采用", "held, then refused by a person's decision"),
    Reason("duplicate", "内容与已收文件完全相同", "the same bytes were delivered before"),
    Reason("unreadable", "无法读取", "it could not be read"),
    Reason("crashed_reader", "读取时程序崩溃或超出限额", "reading it crashed the reader or went beyond its limits"),
)


class RefusedFileError(Exception):
    """A file that is kept back whole; carries the reason and what it is about, never a value of its rows."""

    def __init__(self, code: str, detail: str = "", rows_read: int = 0) -> None:
        self.reason = FILE_REASONS[code]
        self.detail = detail
        self.rows_read = rows_read
        super().__init__(code)

    def as_record(self) -> dict[str, str]:
        """The reason as the ledger keeps it."""
        return reason_record(self.reason.code, self.detail)


def reason_record(code: str, detail: str = "") -> dict[str, str]:
    """A file's reason with its code and its text in both languages, the detail (a column, a limit) at the end."""
    reason = FILE_REASONS[code]
    after = f": {detail}" if detail else ""
    return {"code": code, "text": f"{reason}{after}"}
