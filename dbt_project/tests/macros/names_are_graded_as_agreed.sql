{#- Each case: the roster's name, folded, as a pattern; the source's likewise; former name; statuses; link; grade. -#}
with expected as (
    {% for roster, source, former, statuses, by_certificate, grade in [
        (('张三', '张三', ''), ('张三', '张三', ''), '', ('ok', 'ok'), 'false', 'M1'),
        (('张三', '张三', ''), ('', '', ''), '', ('ok', 'ok'), 'false', 'M1'),
        (('吴昇', '吴升', ''), ('吳升', '吴升', ''), '', ('ok', 'ok'), 'false', 'M2'),
        (('阿依·古丽', '阿依古丽', ''), ('阿依古丽', '阿依古丽', ''), '', ('ok', 'ok'), 'false', 'M2'),
        (('张三', '张三', ''), ('张二狗', '张二狗', ''), '张二狗', ('ok', 'ok'), 'false', 'M2'),
        (('张?', '张?', '张_'), ('张䶮', '张䶮', ''), '', ('ok', 'ok'), 'false', 'M2'),
        (('张䶮', '张䶮', ''), ('张*', '张*', '张_'), '', ('ok', 'ok'), 'false', 'M2'),
        (('张?', '张?', '张_'), ('李䶮', '李䶮', ''), '', ('ok', 'ok'), 'false', ''),
        (('张?', '张?', '张_'), ('张大䶮', '张大䶮', ''), '', ('ok', 'ok'), 'false', ''),
        (('张三', '张三', ''), ('李四', '李四', ''), '', ('ok', 'ok'), 'false', ''),
        (('张三', '张三', ''), ('张三', '张三', ''), '', ('upgraded15', 'ok'), 'false', 'M3'),
        (('吴昇', '吴升', ''), ('吳升', '吴升', ''), '', ('ok', 'upgraded15'), 'false', 'M3'),
        (('张三', '张三', ''), ('张三', '张三', ''), '', ('ok', 'ok'), 'true', 'M3'),
        (('张三', '张三', ''), ('李四', '李四', ''), '', ('upgraded15', 'ok'), 'true', ''),
    ] -%}
    select
        nullif('{{ roster[0] }}', '') as name,
        nullif('{{ roster[1] }}', '') as name_folded,
        nullif('{{ roster[2] }}', '') as name_pattern,
        '{{ statuses[0] }}' as id_no_status,
        nullif('{{ source[0] }}', '') as source_name,
        nullif('{{ source[1] }}', '') as source_name_folded,
        nullif('{{ source[2] }}', '') as source_name_pattern,
        '{{ statuses[1] }}' as source_id_no_status,
        nullif('{{ former }}', '') as former_name,
        {{ by_certificate }} as by_certificate,
        nullif('{{ grade }}', '') as grade
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from expected
where
    {{ match_grade('expected', 'expected', 'former_name', 'by_certificate', source_prefix='source_') }}
    is distinct from expected.grade
