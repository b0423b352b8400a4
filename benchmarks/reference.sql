-- The sixty rules once more, as short as they can be said in DuckDB's own SQL: what a build is measured against.
--
-- Written from the wording of the rules and of the datasets, not from the models. Reads the landing folder, and policy
-- values from the seeds; leaves `found`: rule, programme, month and whom or what the rule finds (a person's number, a
-- household's, an account, a town's batch, a delivery). It says nothing else: no severity, evidence, amount, alert or
-- report, and it knows nobody who was merged. What the wording leaves open is decided as tests/oracle/README.md says.
-- Expects the variables landing and seeds (folders), and may be given as_of (a month) and known_at (a moment).

-- Words of months: first(m − n); on or after first(m − n) and no later than last(m); whole years; birthdays.
create macro ago(m, n) as (m - to_months(n))::date;
create macro no_end() as '9999-12-31'::date;
create macro month_of(day) as date_trunc('month', day)::date;
create macro within(day, m, n) as day between ago(m, n) and last_day(m);
create macro years(born, m) as date_diff('month', born, m) // 12;
create macro grown(born, n) as (if(strftime(born, '%m%d') = '0229', born + 1, born) + to_years(n))::date;
create macro born_by(id) as try_strptime(substr(id, 7, 8), '%Y%m%d')::date;
create macro rules_in(r, m) as r.valid_from <= m and r.valid_to > m;
-- M1 and M2: a row without a name fits by its number alone.
create macro fits(a, b, former := null) as coalesce(
    a.name is null or b.name is null or a.name = b.name or a.name_folded = b.name_folded
    or a.name = former or b.name = former
    or a.name like b.name_pattern or a.name_folded like b.name_pattern
    or b.name like a.name_pattern or b.name_folded like a.name_pattern, false);

-- Deliveries that are known, and what a person decided of those that were held.
create temp table delivery as
select delivery_id as delivery, any_value(dataset) as dataset,
    strptime(any_value(period) || '01', '%Y%m%d')::date as period,
    coalesce(any_value(part_code), any_value(part), '') as part,
    any_value(received_at)::timestamptz as received_at, any_value(rows_accepted) as rows_accepted
from read_json(getvariable('landing') || '/*/*/*/de*.json', hive_partitioning = false, columns = {
    delivery_id: 'varchar', dataset: 'varchar', period: 'varchar', part: 'varchar', part_code: 'varchar',
    received_at: 'varchar', rows_accepted: 'bigint', status: 'varchar', decision: 'varchar', decided_at: 'varchar'})
where coalesce(received_at, decided_at)::timestamptz <= coalesce(getvariable('known_at'), 'infinity')::timestamptz
group by delivery_id
having any_value(status) = 'accepted' or (any_value(status) = 'held' and any_value(decision) = 'released');

create macro is_fact(d) as d in (
    'civil_affairs.payment', 'civil_affairs.cremation', 'civil_affairs.marriage', 'civil_affairs.verification_result',
    'public_security.population', 'public_security.exit_entry', 'health.death_certificate', 'finance.payroll',
    'human_resources.contribution', 'medical_insurance.settlement', 'taxation.personal_income',
    'natural_resources.real_estate', 'housing_fund.contribution', 'verification_centre.asset_check',
    'emergency.incident', 'hotline.ticket');
create macro stale_after(d) as case
    when d in ('human_resources.work_injury', 'public_security.exit_entry') then 4
    when d = 'education.enrolment' then 9
    when d in ('civil_affairs.region', 'civil_affairs.verification_result', 'emergency.incident') then 9999
    else 1 end;
create macro by_town(d) as d in (
    'civil_affairs.assistance_household', 'civil_affairs.assistance_member', 'civil_affairs.elder_allowance');

create temp table months as
select unnest(generate_series(min(period), coalesce(getvariable('as_of')::date, (
    select max(period) from (
        select period from delivery
        where dataset in ('civil_affairs.assistance_household', 'civil_affairs.assistance_member',
            'civil_affairs.extreme_poverty', 'civil_affairs.disability_subsidy', 'civil_affairs.elder_allowance',
            'civil_affairs.child_welfare', 'civil_affairs.payment')
        group by period having count(distinct dataset) = 7))), interval 1 month))::date as month
from delivery where dataset = 'civil_affairs.assistance_household';

-- Of a snapshot, per part, the newest period up to the month: a whole file replaces every part, a part itself.
create temp table in_force as
select month, old.*
from months join delivery as old on old.period <= month and not is_fact(old.dataset)
where not exists (
    from delivery as new
    where new.dataset = old.dataset and new.period <= month
        and (new.period, new.received_at, new.delivery) > (old.period, old.received_at, old.delivery)
        and (new.part in (old.part, '') or (not by_town(old.dataset) and new.period > old.period)));

-- Rows as they landed; of a snapshot those in force in each month, of facts the newest delivery's of each key.
create macro landed(d, file := 'data') as table
select * from (
    select columns(lambda c: not regexp_matches(c, '_key$|_status$|^(raw|member|sheet|row_number|period)$')) from read_parquet(
        list_transform(string_split(d, ' '), lambda x: getvariable('landing') || '/' || x || '/*/*/' || file || '.parquet'),
        hive_partitioning = true, hive_types = {'period': 'varchar', 'delivery': 'varchar'}, union_by_name = true));
create macro owned(d) as table select columns('^(?:owner_)?(.*)$') as '\1' from landed(d);
create macro snapshot(d) as table select month, r.* from owned(d) as r join in_force using (delivery);
create macro fact(d, k1, k2 := null, k3 := null, k4 := null) as table
select * from landed(d) join (select delivery, period, received_at from delivery) using (delivery)
qualify row_number() over (partition by k1, k2, k3, k4 order by received_at desc, delivery desc) = 1;

-- Policy in each month: the value, the day of its newest change, and what it was before.
create temp table policy as
select month, parameter, coalesce(category, '') as category, arg_max(value, valid_from) as value,
    max(valid_from) filter (value <> before) as changed_on, arg_max(before, valid_from) filter (value <> before) as before
from months join (
    select *, lag(value) over (partition by parameter, category order by valid_from) as before
    from read_csv(getvariable('seeds') || '/policy/parameters.csv', types = {'value': 'decimal(18, 4)'})
) on valid_from <= month
group by all;
create temp table standard as
select p.*, uplift.value as minor_uplift
from policy as p left join policy as uplift
    on uplift.month = p.month and uplift.parameter = 'dibao_uplift' and uplift.category = '未成年人'
where p.parameter = 'dibao_standard';
create temp table place as
select region_code, name, level, former_names from snapshot('civil_affairs.region')
where month = (select max(month) from months) or level <> '区县'
qualify row_number() over (partition by region_code order by month desc) = 1;

-- The register: which version rules in which months; before the oldest change that is known, 正常.
create temp table register as
with dated as (
    select *, coalesce(month_of(status_on), '1900-01-01'::date) as valid_from
    from landed('public_security.population') join (select delivery, period, received_at from delivery) using (delivery)
), version as (
    select *, coalesce(min(valid_from) over (
        partition by id_no order by period desc, received_at desc, delivery desc
        rows between unbounded preceding and 1 preceding), no_end()) as valid_to
    from dated
    qualify valid_from < valid_to
)
from version
union all
select * replace ('1900-01-01'::date as valid_from, valid_from as valid_to, '正常' as status, null as status_on)
from version
qualify row_number() over (partition by id_no order by valid_from) = 1 and valid_from > '1900-01-01';
create temp table former as
select id_no, max(former_name) as former from register where former_name is not null group by id_no;

-- Rosters and certificates: a key counts where the newest delivery has it; whom a refused row of the next list names is no exit.
create macro roster_rows(file) as table
select month, dataset, part, period, received_at, r.* replace (
        coalesce(name, head_name) as name, coalesce(name_folded, head_name_folded) as name_folded,
        coalesce(name_pattern, head_name_pattern) as name_pattern, coalesce(id_no, head_id_no) as id_no),
    case dataset when 'civil_affairs.assistance_household' then household_no
        when 'civil_affairs.assistance_member' then household_no || '|' || r.id_no
        when 'disabled_federation.certificate' then certificate_no
        else concat_ws('|', r.id_no, subsidy) end as key,
    coalesce(r.name, head_name) || '|' || case dataset when 'civil_affairs.assistance_member' then household_no
        else village end as named
from landed('civil_affairs.assistance_household civil_affairs.assistance_member civil_affairs.extreme_poverty '
    || 'civil_affairs.disability_subsidy civil_affairs.elder_allowance civil_affairs.child_welfare '
    || 'disabled_federation.certificate', file) as r
join in_force using (delivery);
create temp table refused as select distinct month, dataset, named, name, village, household_no, subsidy, kind, programme
from roster_rows('quarantined') where named is not null;
create temp table listed_row as from roster_rows('data');
create temp table standing as
select r.* from listed_row as r left join (
    select household_no, arg_max(town, received_at) as town from listed_row where head_name is not null group by all
) as home using (household_no)
where part <> '' or not exists (
    from in_force as own where own.month = r.month and own.dataset = r.dataset and own.part = coalesce(r.town, home.town)
        and (own.period, own.received_at) > (r.period, r.received_at))
qualify row_number() over (partition by month, dataset, key order by period desc, received_at desc, delivery desc) = 1;
create temp table gap as -- by any name under which the key ever stands
select distinct month, dataset, key from refused join (select distinct dataset, key, named from standing) using (dataset, named)
anti join standing using (month, dataset, key);
create temp table stands as
with recursive carried as (
    select standing.* replace (gap.month as month) from standing join gap
        on gap.dataset = standing.dataset and gap.key = standing.key and gap.month = ago(standing.month, -1)
    union all
    select carried.* replace (gap.month as month) from carried join gap
        on gap.dataset = carried.dataset and gap.key = carried.key and gap.month = ago(carried.month, -1)
)
from standing union all from carried;
create temp table roster as from stands where dataset <> 'disabled_federation.certificate';
create temp table certified as
select month, certificate_no, id_no, name, name_folded, name_pattern, category, grade, status, issued_on, valid_until,
    renewal_pending, village
from stands where dataset = 'disabled_federation.certificate';

-- Who is filed under what. A household of 低保 is dibao_single where all its covered rows are; a person, by the own row.
create macro holds(r) as coalesce(r.status in ('在享', '渐退') and r.start_month <= r.month
    and coalesce(r.end_month >= r.month, true), false);
create macro of_low_income(label, is_single) as case label
    when '低保边缘' then 'dibao_edge' when '刚性支出困难' then 'rigid_expenditure' else if(is_single, 'dibao_single', 'dibao') end;
create macro of_child(kind) as case kind
    when '孤儿' then 'orphan' when '事实无人抚养儿童' then 'unattended_child' else 'child_in_difficulty' end;
create macro of_roster(d, subsidy, kind) as case d
    when 'civil_affairs.extreme_poverty' then 'extreme_poverty' when 'civil_affairs.elder_allowance' then 'elder_allowance'
    when 'civil_affairs.child_welfare' then of_child(kind)
    else if(subsidy = '困难残疾人生活补贴', 'disability_living', 'disability_nursing') end;
create temp table member as from roster where dataset = 'civil_affairs.assistance_member';
create temp table home as
with counted as (
    select month, household_no, count(*) as together, count(*) filter (covered) as covered_rows,
        count(*) filter (covered and uplift = '未成年人') as minors, coalesce(bool_and(single_person) filter (covered), false) as is_single,
        coalesce(sum(business_income), 0) as business,
        sum(coalesce(wage_income, 0) + coalesce(business_income, 0) + coalesce(property_income, 0)
            + coalesce(transfer_income, 0) + coalesce(other_income, 0)) filter (
            coalesce(wage_income, business_income, property_income, transfer_income, other_income) is not null) as income
    from (select * replace (coalesce(single_person, false) as single_person) from member) where role = '共同生活' group by all
)
select r.* replace (of_low_income(r.programme, counted.is_single) as programme), r.programme as label,
    holds(r) and (r.programme <> '低保' or coalesce(covered_rows, 0) > 0) as holds,
    coalesce(together, 0) as together, coalesce(covered_rows, 0) as covered_rows, coalesce(minors, 0) as minors, business,
    coalesce(annual_income, income) - coalesce(employment_deduction, 0) as net, if(member_count >= 1, member_count, null) as size
from roster as r left join counted using (month, household_no)
where dataset = 'civil_affairs.assistance_household';
create temp table roll as
with listed as (
    select of_low_income(label, coalesce(member.single_person, false)) as programme, month, member.id_no, member.name, member.name_folded,
        member.name_pattern, household_no, home.status, home.holds, home.monthly_amount, home.town, home.village,
        member.uplift, member.in_school
    from member join home using (month, household_no)
    where member.role = '共同生活' and (label <> '低保' or member.covered)
    union all by name
    select of_roster(dataset, subsidy, kind) as programme, month, id_no, name, name_folded, name_pattern, status, holds(r) as holds,
        if(dataset = 'civil_affairs.extreme_poverty', coalesce(basic_amount, 0) + coalesce(care_amount, 0), monthly_amount)
            as monthly_amount,
        town, village, tier, kind, certificate_no, disability_category, disability_grade, support_mode, placement, area_kind,
        basic_amount, determined_until, next_review_on, start_month
    from roster as r
    where dataset not in ('civil_affairs.assistance_household', 'civil_affairs.assistance_member')
)
-- A row of the register under another name tells no birth date.
select listed.*, former, if(r.id_no is null, born_by(listed.id_no), if(fits(listed, r, former), r.birth_date, null)) as born
from listed left join former using (id_no)
left join register as r on r.id_no = listed.id_no and rules_in(r, listed.month);
create temp table holder as from roll where holds;
create temp table present as select distinct month, programme, id_no from roll where holds or status = '暂停';
create macro has(id, m, list) as exists (from present
    where present.id_no = id and present.month = m and list_contains(list, present.programme));
create temp table low as
select home.programme, month, household_no as subject, member.role, member.id_no, member.name, member.name_folded, member.name_pattern, former,
    member.wage_income, member.pension_income, member.single_person, member.covered, home.status, net, size, business, home.start_month, together,
    home.authorised_on, home.authorised_until, household_no
from member join home using (month, household_no) left join former on former.id_no = member.id_no
where holds and member.role in ('共同生活', '赡抚扶养人')
union all by name
select programme, month, id_no as subject, '共同生活' as role, id_no, name, name_folded, name_pattern, former, status, 0 as net,
    1 as size, start_month
from holder where programme = 'extreme_poverty';
create temp table person as from low where role = '共同生活';

-- Who died, by the names under which people are filed: the earliest of cremation and certificate from its month on, else
-- the register's word while it stands.
create temp table cremation as from fact('civil_affairs.cremation', record_no);
create temp table certificate_of_death as from fact('health.death_certificate', certificate_no);
create temp table payment as from fact('civil_affairs.payment', payment_no);
create temp table death as
with recorded as (
    select id_no, name, name_folded, name_pattern, died_on, 1 as source from cremation
    union all by name select id_no, name, name_folded, name_pattern, died_on, 1 as source from certificate_of_death
    union all by name
    select id_no, name, name_folded, name_pattern, coalesce(status_on, last_day(period)) as died_on, 2 as source,
        valid_from, valid_to
    from register where status = '死亡注销'
), known as (
    select id_no, name, name_folded, name_pattern from roster where dataset <> 'civil_affairs.assistance_household'
    union select id_no, name, name_folded, name_pattern from payment
    union select id_no, name, name_folded, name_pattern from register
    union select id_no, name, name_folded, name_pattern
    from landed('disabled_federation.certificate rural_affairs.poverty_monitor') semi join delivery using (delivery)
), fitting as (
    select distinct id_no, known.name, died_on, source, valid_from, valid_to
    from known join recorded using (id_no) left join former using (id_no) where fits(known, recorded, former)
), spoken as (
    select id_no, name, min(died_on) as died_on from fitting where source = 1 group by all
)
select *, month_of(died_on) as valid_from, no_end() as valid_to from spoken
union all
select id_no, name, fitting.died_on, valid_from, least(valid_to, coalesce(month_of(spoken.died_on), no_end()))
from fitting left join spoken using (id_no, name) where source = 2;
create macro dead(id, called, m) as exists (
    from death as d where d.id_no = id and d.name = called and died_on < m and rules_in(d, m));
create macro is_registered(r, m) as r.status = '正常' and rules_in(r, m) and not dead(r.id_no, r.name, m);
create temp table linked as -- certificates, issued or still to be; by its own number where nobody has a row of that
from certified
union all
select * replace (substr(certificate_no, 1, 18) as id_no) from certified
where substr(certificate_no, 1, 18) <> id_no and length(certificate_no) >= 18
    and (month, substr(certificate_no, 1, 18)) not in (select (month, id_no) from certified);
create temp table certificate as -- the newest of each person
select *, status = '正常' and coalesce(valid_until >= month, true) as is_valid, grade in ('一级', '二级') as is_severe
from linked
where issued_on is null or issued_on <= last_day(month)
qualify row_number() over (partition by month, id_no order by issued_on desc nulls last, certificate_no desc) = 1;

create temp table hit (rule_id varchar, programme varchar, month date, subject varchar);

-- Exit.
create temp table candidate as -- M4: a cremation without a number that fits one registered person alone
select record_no, c.died_on, min(r.id_no) as id_no, any_value(r.name) as name, any_value(r.name_folded) as name_folded,
    any_value(r.name_pattern) as name_pattern
from cremation as c join register as r on r.name = c.name and r.sex = c.sex
    and years(r.birth_date, c.died_on) between c.age - 1 and c.age + 1
join place on place.region_code in (r.village, r.town) and contains(c.address, place.name)
where c.id_no is null and is_registered(r, month_of(c.died_on))
group by all having count(distinct r.id_no) = 1;
insert into hit select 'E01', programme, month, h.id_no from holder as h where dead(h.id_no, h.name, h.month);
insert into hit select 'E01', programme, month, h.id_no from holder as h join candidate as c on c.id_no = h.id_no
where month_of(c.died_on) < month and fits(h, c)
    and (month, h.id_no) not in (select (month, subject) from hit);
insert into hit select 'E02', programme, month, h.id_no
from holder as h left join snapshot('human_resources.pension') as s using (month, id_no)
where (month, programme, h.id_no) not in (select (month, programme, subject) from hit) and (
    years(born, month) > 110
    or (s.status <> '正常' and coalesce(stopped_on <= last_day(month), true)
        and regexp_matches(stop_reason, '死亡|失踪|未认证') and fits(h, s, former)));

create temp table exemption as select month, asset_kind, asset_no, household_no, id_no
from snapshot('civil_affairs.asset_exemption') where valid_until >= month;
create macro exempt(m, which, number) as exists (
    from exemption where exemption.month = m and exemption.asset_kind = which and exemption.asset_no = number);
create temp table car as from snapshot('public_security.vehicle')
where plate_kind in ('大型汽车', '小型汽车', '小型新能源汽车', '挂车')
    and status in ('正常', '停驶', '违法未处理', '查封', '逾期未检验');
insert into hit select 'E03', programme, month, subject from person as h join car as s using (month, id_no)
where fits(h, s, former) and not exempt(h.month, '车辆', plate_no);

create temp table estate as -- the newest version of a period up to the month
select *, coalesce(lead(period) over (partition by unit_no, id_no order by period, received_at, delivery), no_end()) as until
from owned('natural_resources.real_estate') join (select delivery, period, received_at from delivery) using (delivery);
insert into hit
with unit as (
    select programme, month, subject, unit_no, any_value(use) as use,
        bool_or(acquired_by = '购买' and within(registered_on, month, 24)) as is_bought
    from person as h join estate as s on s.id_no = h.id_no and period <= month and until > month
    where s.status = '现势' and use not in ('车位', '储藏') and fits(h, s, former) and not exempt(h.month, '房产', unit_no)
    group by all
    having not (bool_and(coalesce(acquired_by = '继承', false)) and sum(coalesce(share, 1)) < 0.5)
)
select 'E05', programme, month, subject from unit group by all
having bool_or(use in ('商业', '办公', '工业', '仓储') or is_bought) or count(*) filter (use = '住宅') > 1;

create temp table post as select *, business_kind = '企业'
    and (role in ('法定代表人', '董事', '监事', '经理') or (role = '股东' and capital > 0)) as is_office
from snapshot('market_regulation.business') where status = '存续';
insert into hit
select if(is_office, 'E06', 'E07'), programme, month, subject from person as h join post as s using (month, id_no)
where fits(h, s, former) and not exempt(h.month, '企业', credit_code) and (
    (is_office and programme in ('dibao', 'dibao_single', 'extreme_poverty', 'dibao_edge'))
    or (s.role = '经营者' and business_kind = '个体工商户' and founded_on <= ago(month, 3) and business = 0
        and programme in ('dibao', 'dibao_single', 'dibao_edge')));
insert into hit
select 'E08', programme, l.month, subject from low as l join fact('finance.payroll', id_no, unit, month) as s using (id_no)
where post in ('公务员', '事业编制', '编外聘用') and s.month between ago(l.month, 2) and l.month and fits(l, s, former);

-- The estimated income of a head and month reaches S, or 1.5 S; in a year of the household, without dividing.
create temp table earner as
select person.*, coalesce(wage_income, 0) as wage, coalesce(pension_income, 0) as pension,
    12 * size * value * if(programme in ('dibao', 'extreme_poverty'), 1, 1.5) as line
from person join standard using (month) where status <> '渐退' and net is not null and size is not null;
create macro is_poor(programme) as programme in ('dibao', 'dibao_single', 'dibao_edge', 'extreme_poverty');
insert into hit
with paid as (
    select h.month, h.programme, subject, h.id_no, net - wage as others, line, count(distinct s.month) as months, sum(base) as base
    from earner as h join fact('human_resources.contribution', id_no, month, employer, scheme) as s using (id_no)
    where s.scheme = '单位' and s.month between ago(h.month, 5) and h.month and fits(h, s, former) and is_poor(programme)
    group by all
)
select 'E09', programme, month, subject from paid where months >= 3 and months * others + 12 * coalesce(base, 0) >= months * line;
insert into hit
select 'E10', programme, month, subject from earner as h join snapshot('human_resources.pension') as s using (month, id_no)
where s.status = '正常' and fits(h, s, former) and is_poor(programme)
group by month, programme, subject, h.id_no, net, pension, line
having net - pension + 12 * sum(coalesce(monthly_amount, 0) - if(scheme = '城乡居民', coalesce(basic_amount, 0), 0)) >= line;
insert into hit
select 'E11', programme, h.month, subject
from earner as h join fact('taxation.personal_income', id_no, payer, item, month) as s using (id_no)
where s.month between ago(h.month, 11) and h.month and fits(h, s, former) and programme <> 'extreme_poverty'
group by h.month, programme, subject, h.id_no, net, wage, line having net - wage + sum(income) >= line;
insert into hit
with fund as (
    select h.month, programme, subject, h.id_no, net - wage as others, line,
        round(employee_amount / case when employee_rate > 1 then employee_rate / 100 when employee_rate > 0 then employee_rate end, 5)
            as earned
    from earner as h join fact('housing_fund.contribution', id_no, month, employer) as s using (id_no)
    where s.month between ago(h.month, 3) and h.month and fits(h, s, former) and is_poor(programme)
    qualify rank() over (partition by h.month, programme, subject, h.id_no order by s.month desc) = 1
)
select 'E12', programme, month, subject from fund group by month, programme, subject, id_no, others, line
having others + 12 * sum(earned) >= line;
insert into hit
with reported as (
    select h.*, s.* exclude (household_no, id_no)
    from person as h join fact('verification_centre.asset_check', check_no, id_no) as s using (id_no)
    where within(checked_on, month, 12)
    qualify rank() over (partition by month, programme, subject order by checked_on desc, check_no desc) = 1
)
select 'E13', programme, month, subject from reported as r join standard using (month)
where programme = 'extreme_poverty' or (authorised_on <= checked_on and coalesce(authorised_until >= checked_on, true))
group by month, programme, subject, household_no, size, value
having (bool_or(coalesce(deposit_over, false) or coalesce(household_deposit_over, false))
    or sum(coalesce(stock_value, 0) + coalesce(fund_value, 0) + coalesce(bond_value, 0))
        >= if(programme in ('dibao_edge', 'rigid_expenditure'), 36, 24) * value * coalesce(size, 0))
    and not exists (from exemption as e join person as p on p.month = e.month and p.subject = r.subject
        where e.month = r.month and asset_kind = '存款' and (e.household_no = r.household_no or e.id_no = p.id_no));

create temp table custody as from snapshot('justice.custody')
where kind in ('服刑', '羁押', '强制隔离戒毒') and start_on < month and coalesce(end_on >= last_day(month), true);
insert into hit select 'E14', programme, month, h.id_no from holder as h join custody as s using (month, id_no) where fits(h, s, former);
insert into hit
select 'E15', programme, month, h.id_no from holder as h join register as r on r.id_no = h.id_no and rules_in(r, month)
where r.status = '迁出' and status_on < month and destination <> '' and fits(h, r, former) and not exists (
    from (select unnest([name] || regexp_split_to_array(coalesce(former_names, ''), '[；;、]')) as name
        from place where level = '区县') as district where district.name <> '' and contains(destination, trim(district.name)));
insert into hit
with side as (
    select month, programme, subject, start_month, kind, registered_on,
        if(s.male_id_no = h.id_no, s.female_id_no, s.male_id_no) as spouse
    from person as h join fact('civil_affairs.marriage', certificate_no) as s on h.id_no in (s.male_id_no, s.female_id_no)
    where registered_on <= last_day(month) and fits(h, if(s.male_id_no = h.id_no,
            {name: male_name, name_folded: male_name_folded, name_pattern: male_name_pattern},
            {name: female_name, name_folded: female_name_folded, name_pattern: female_name_pattern}), former)
        and (programme = 'extreme_poverty' or (programme = 'dibao_single' and covered and single_person)
            or (programme = 'dibao' and together = 1))
)
select 'E16', programme, month, subject from side as wed
where kind = '结婚' and registered_on > last_day(start_month)
    and not exists (from side as apart where apart.kind = '离婚' and apart.registered_on > wed.registered_on
        and (apart.month, apart.programme, apart.subject, apart.spouse) = (wed.month, wed.programme, wed.subject, wed.spouse))
    and not exists (from person as p
        where (p.month, p.programme, p.subject, p.id_no) = (wed.month, wed.programme, wed.subject, wed.spouse));

create temp table subsidised as -- with the certificate; a child for whom none was ever seen is there for an illness
with seen as (select id_no, min(month) as since from linked group by all)
select h.*, c.id_no is null as is_none, c.status as found_status, c.is_valid, c.category, c.grade, c.valid_until,
    coalesce(c.renewal_pending, false) as renewal_pending
from holder as h left join seen on seen.id_no = h.id_no
left join certificate as own on own.id_no = h.id_no and own.month = h.month
left join certificate as c on c.month = h.month and c.id_no = coalesce(own.id_no, substr(h.certificate_no, 1, 18))
where (programme in ('disability_living', 'disability_nursing') or (h.kind = '重残重病儿童' and since <= h.month))
    and (c.id_no is null or fits(h, c, former));
insert into hit
select 'E18', programme, month, id_no from subsidised
where (is_none or not is_valid or coalesce(not case tier
        when '低保外重残' then grade in ('一级', '二级') and category in ('视力', '肢体', '智力', '精神', '多重')
        when '三四级智力精神' then category in ('智力', '精神', '多重')
        when '护理' then grade in ('一级', '二级') when '低保内重残' then grade in ('一级', '二级') end, false))
    and not coalesce(renewal_pending and month <= ago(month_of(valid_until), -3), false);
insert into hit
select 'E19', programme, month, h.id_no
from holder as h left join snapshot('education.enrolment') as s using (month, id_no)
where years(born, month) >= 18 and (programme in ('orphan', 'unattended_child', 'child_in_difficulty') or (programme = 'dibao' and in_school))
    and (s.id_no is null or (graduates_on < ago(month, 3) and fits(h, s, former)));
insert into hit
select 'E20', programme, month, h.id_no from holder as h join fact('public_security.exit_entry', id_no, exited_on) as s using (id_no)
where last_day(month) - exited_on >= 90 and coalesce(entered_on > last_day(month), true) and fits(h, s, former);
insert into hit
select 'E21', programme, month, household_no from home
where holds and programme = 'dibao' and status = '渐退' and grace_until < month;
insert into hit
select 'E22', programme, month, household_no from home where holds and next_review_on < month
union all
select 'E22', programme, month, id_no from holder where programme = 'extreme_poverty' and next_review_on < month;

-- Cover. Nobody whom a refused row of the roster names with the village is missed.
create temp table unread as
select distinct month, programme, name, village from (
    select month, of_roster(dataset, subsidy, kind) as programme, name, village from refused
    where dataset not in (
        'civil_affairs.assistance_household', 'civil_affairs.assistance_member', 'disabled_federation.certificate')
    union all
    select r.month, unnest(if(coalesce(r.programme, home.label) = '低保', ['dibao', 'dibao_single'],
            [of_low_income(coalesce(r.programme, home.label), false)])), r.name, coalesce(r.village, home.village)
    from refused as r left join home using (month, household_no)
    where r.dataset in ('civil_affairs.assistance_household', 'civil_affairs.assistance_member'));
create macro is_unread(held, m, called, lives_in) as exists (
    from unread
    where unread.programme = held and unread.month = m and unread.name = called and unread.village = lives_in);
create temp table valid as from certificate where is_valid;
create temp table injured as
select distinct month, id_no, name, name_folded, name_pattern
from snapshot('human_resources.work_injury') where start_month <= month and coalesce(end_month >= month, true);

create temp table settlement as
with code as (
    select icd_prefix, disease_number, is_children_only from read_csv(getvariable('seeds') || '/codes/major_diseases.csv')
), bill as (
    select id_no, name, name_folded, name_pattern, settled_on, cash,
        upper(regexp_replace(diagnosis, '[. 　]', '', 'g')) as diagnosis
    from fact('medical_insurance.settlement', settlement_no)
)
select * from bill left join code on starts_with(diagnosis, icd_prefix) and substr(diagnosis, 1, 3) = substr(icd_prefix, 1, 3);
insert into hit
with costly as (
    select month, s.*
    from settlement as s join months on settled_on between ago(month, 11) and last_day(month)
    where id_no in (select id_no from settlement group by id_no having sum(cash) filter (cash > 0) >= 10000)
)
select 'C01', 'temporary_assistance', month, r.id_no from costly as s join register as r using (id_no)
where is_registered(r, s.month) and fits(r, s, r.former_name)
    and not has(r.id_no, s.month, ['extreme_poverty', 'dibao', 'dibao_single'])
group by all having sum(cash) >= 10000;

create temp table severe as
select c.*, r.village as home_village, r.name as registered_name, r as registered
from valid as c join register as r using (id_no)
where is_registered(r, c.month) and fits(r, c, r.former_name)
    and (is_severe or (grade = '三级' and category in ('智力', '精神')));
create temp table provided as
select month, id_no, name, name_folded, name_pattern from snapshot('human_resources.pension')
where status = '正常' and scheme in ('企业职工', '机关事业')
union all select months.month, id_no, name, name_folded, name_pattern
from fact('human_resources.contribution', id_no, month, employer, scheme) as s
join months on s.month between ago(months.month, 5) and months.month where scheme = '单位'
union all select month, id_no, name, name_folded, name_pattern from car
union all select month, id_no, name, name_folded, name_pattern from post where is_office;
insert into hit
with uncovered as (
    select c.*, former, exists (from holder as h where h.programme = 'dibao_edge' and h.month = c.month and h.id_no = c.id_no) as is_edge
    from severe as c left join former using (id_no)
    where not has(c.id_no, c.month, ['extreme_poverty', 'dibao', 'dibao_single'])
), filed as (
    select *, if(is_edge, 'dibao_single', 'disability_living') as programme from uncovered as c
    where is_edge or (category in ('视力', '肢体', '智力', '精神')
        and not has(c.id_no, c.month, ['disability_living'])
        and not exists (from provided as p where p.month = c.month and p.id_no = c.id_no and fits(c, p, former))
        and (select count(distinct unit_no) from estate as e where e.id_no = c.id_no and period <= c.month and until > c.month
            and e.status = '现势' and use = '住宅' and fits(c, e, former)) <= 1)
)
select 'C02', programme, month, id_no from filed as f where not is_unread(f.programme, f.month, f.registered_name, f.home_village);
insert into hit
select 'C03', 'disability_living', h.month, h.id_no
from holder as h join valid as c on c.month = h.month and c.id_no = h.id_no and issued_on <= ago(h.month, 2)
left join register as r on r.id_no = h.id_no and rules_in(r, h.month) and r.status = '正常'
where h.programme in ('dibao', 'dibao_single') and fits(h, c, former) and not dead(h.id_no, h.name, h.month)
    and not has(h.id_no, h.month, ['disability_living', 'extreme_poverty', 'orphan', 'unattended_child'])
    and not exists (from injured as i where i.month = h.month and i.id_no = h.id_no and fits(h, i, former))
    and not is_unread('disability_living', h.month, h.name, coalesce(r.village, h.village));
insert into hit
select 'C04', 'disability_nursing', month, id_no from severe as c
where is_severe and issued_on <= ago(month, 2) and not exists (
        from injured as i where i.month = c.month and i.id_no = c.id_no and fits(c.registered, i, c.registered.former_name))
    and not has(c.id_no, c.month, ['disability_nursing', 'extreme_poverty'])
    and not is_unread('disability_nursing', c.month, c.registered_name, c.home_village);
create temp table elsewhere as from snapshot('civil_affairs.out_of_area_recipient')
where status = '在享' and coalesce(start_month <= month, true);
insert into hit
select 'C05', 'elder_allowance', m.month, r.id_no
from register as r join months as m on grown(r.birth_date, 80) < m.month
where is_registered(r, m.month) and not has(r.id_no, m.month, ['elder_allowance'])
    and not exists (from elsewhere as e where e.month = m.month and e.id_no = r.id_no and e.programme = '尊老金'
        and fits(r, e, r.former_name))
    and not is_unread('elder_allowance', m.month, r.name, r.village);

create temp table fresh_disease as -- of whoever is or was on a list
with named as (
    select distinct id_no, name, name_folded, name_pattern, former from roll
    where programme in ('dibao', 'dibao_edge', 'rigid_expenditure')
), settled as (
    select n.id_no, n.name, settled_on, disease_number, is_children_only
    from named as n join settlement as s using (id_no) where disease_number is not null and fits(n, s, former)
)
select month, id_no, s.name
from settled as s join months on within(settled_on, month, 2)
left join register as r using (id_no)
where (not is_children_only or years(coalesce(r.birth_date, born_by(s.id_no)), month) < 18)
    and not exists (from settled as e where e.id_no = s.id_no and e.name = s.name and e.disease_number = s.disease_number
        and settled_on >= ago(month, 14) and settled_on < ago(month, 2));
insert into hit
select 'C07', programme, h.month, h.id_no from holder as h join fresh_disease as d using (month, id_no, name)
where programme in ('dibao_edge', 'rigid_expenditure') and not dead(h.id_no, h.name, h.month);

create macro ended_otherwise(number, since, m) as exists (from home
    where home.household_no = number and home.month between since and m and regexp_matches(home.end_reason, '死亡|迁出'));
insert into hit
with of_dibao as (
    from home where holds and programme = 'dibao'
), gone as (
    select m.month, household_no, max(h.month) as held_month
    from of_dibao as h join months as m on h.month < m.month and h.month >= ago(m.month, 12)
    where (m.month, household_no) not in (select (month, household_no) from of_dibao)
    group by all
), listed as (
    select month, id_no, name, name_folded, name_pattern, former from holder where programme = 'dibao_edge'
    union all
    select gone.month, id_no, name, name_folded, name_pattern, former
    from gone join member on member.household_no = gone.household_no and member.month = held_month and role = '共同生活'
    left join former using (id_no)
    where not ended_otherwise(gone.household_no, held_month, gone.month)
        and not exists (from holder as h where h.id_no = member.id_no and h.month = gone.month
            and h.programme in ('extreme_poverty', 'dibao'))
)
select 'C08', 'dibao', l.month, l.id_no from listed as l join snapshot('human_resources.unemployment') as s using (month, id_no)
where coalesce(benefit_months_left, 0) <= 1 and fits(l, s, former) and not dead(l.id_no, l.name, l.month);

create temp table harm as select month_of(occurred_on) as month, *
from fact('emergency.incident', incident_no, name) where casualty <> '无' or house_damage;
insert into hit
select 'C09', 'temporary_assistance', s.month, s.id_no from harm as s join register as r using (id_no)
where is_registered(r, s.month) and fits(r, s, r.former_name);

insert into hit
with custodial as (
    select month, s.id_no from custody as s
    where not exists (from register as r where r.id_no = s.id_no) or exists (
        from register as r left join former using (id_no) where r.id_no = s.id_no and fits(r, s, former))
), unable as (
    select month, id_no, true as is_dead from months join death as d on died_on <= last_day(month) and rules_in(d, month)
    union select month, id_no, true from months join (
        select id_no, died_on from cremation union all select id_no, died_on from certificate_of_death
    ) as d on died_on <= last_day(month) where id_no not in (select id_no from death where id_no is not null)
        and id_no not in (select id_no from register)
    union select month, id_no, false from custodial
    union select month, id_no, false from valid as s where is_severe and (
        not exists (from register as r where r.id_no = s.id_no) or exists (
        from register as r left join former using (id_no) where r.id_no = s.id_no and fits(r, s, former)))
), orphaned as (
    select r.id_no, father.month, bool_or(father.is_dead) and bool_or(mother.is_dead) as is_orphan
    from register as r join unable as father on father.id_no = r.father_id_no
    join unable as mother on mother.id_no = r.mother_id_no and mother.month = father.month
    where is_registered(r, father.month) and years(r.birth_date, father.month) < 18
        and not has(r.id_no, father.month, ['orphan', 'unattended_child'])
    group by all
)
select 'C10', if(is_orphan, 'orphan', 'unattended_child'), month, id_no from orphaned;
insert into hit
with above as (
    select id_no, month, programme, unnest(case programme when 'extreme_poverty' then ['dibao', 'dibao_edge']
            when 'dibao_single' then ['dibao_edge'] when 'dibao' then ['dibao', 'dibao_edge'] else ['dibao_edge'] end) as kept
    from holder where programme in ('extreme_poverty', 'dibao', 'dibao_single', 'dibao_edge')
), gone as (
    select m.month, h.month as held_month, h.programme, h.id_no, h.name, household_no
    from holder as h join months as m on h.month < m.month and h.month >= ago(m.month, 12)
    where h.programme in ('dibao', 'dibao_edge') and (m.month, h.id_no, h.programme) not in (select (month, id_no, kept) from above)
    qualify row_number() over (partition by m.month, h.id_no, h.programme order by h.month desc, household_no) = 1
)
select 'C12', programme, g.month, g.id_no from gone as g
where not ended_otherwise(g.household_no, g.held_month, g.month) and not dead(g.id_no, g.name, g.month)
    and ((g.month, g.id_no) in (select (month, subject) from hit where rule_id in ('C01', 'C08', 'C09'))
        or (g.month, g.id_no) in (select (month, id_no) from fresh_disease));
insert into hit -- M4, which raises nothing else
select 'C09', 'temporary_assistance', s.month, min(r.id_no)
from harm as s join register as r using (name) join place on place.region_code = r.village and contains(s.address, place.name)
where s.id_no is null and is_registered(r, s.month)
group by incident_no, s.name, s.month having count(distinct r.id_no) = 1;

insert into hit
select 'C13', programme, month, household_no from home join standard using (month)
where holds and home.programme = 'dibao_edge' and net < 12 * size * value;
insert into hit
select 'C15', 'dibao', month, id_no from snapshot('rural_affairs.poverty_monitor') as s
where not risk_removed and not dead(s.id_no, s.name, s.month)
    and not has(s.id_no, s.month, ['dibao', 'dibao_single', 'extreme_poverty', 'dibao_edge', 'rigid_expenditure']);
insert into hit
select 'C20', programme, month, id_no from holder as h
where programme = 'dibao' and coalesce(uplift, '无') in ('无', '老年人') and years(born, month) < 18 and not dead(h.id_no, h.name, h.month);

-- Payment. A household of 低保 is paid as one, under what it is filed as then, or else was filed last.
create temp table paid as
with filed as (
    select household_no, arg_max(programme, month) as programme from home where label = '低保' group by all
)
select p.* replace (if(p.programme = '低保金', coalesce(home.programme, filed.programme, 'dibao'), names.programme) as programme)
from payment as p
left join read_csv(getvariable('seeds') || '/codes/programmes.csv') as names on names.payment_label = p.programme
left join home on home.household_no = p.household_no and home.month = benefit_month and label = '低保'
left join filed on filed.household_no = p.household_no;
create macro is_cash(programme) as programme not in ('dibao_edge', 'rigid_expenditure', 'temporary_assistance');
create macro is_subsidy(programme) as programme in ('disability_living', 'disability_nursing');
create macro is_dibao(programme) as programme in ('dibao', 'dibao_single');
create temp table received as -- paid for a month
select paid.*, benefit_month as month, former from paid left join former using (id_no) where result = '成功' and kind in ('正常', '补发');

insert into hit
select 'P01', a.programme, a.month, a.id_no from holder as a join holder as b using (month, id_no)
where is_subsidy(a.programme) and b.programme = 'extreme_poverty' and fits(a, b, a.former)
union all
select 'P01', a.programme, a.month, a.id_no from received as a join received as b using (month, id_no)
where is_subsidy(a.programme) and b.programme = 'extreme_poverty' and fits(a, b, a.former);
insert into hit
select 'P02', programme, month, h.id_no from holder as h join snapshot('human_resources.work_injury') as s using (month, id_no)
where is_subsidy(programme) and s.start_month <= month and coalesce(s.end_month >= month, true) and fits(h, s, former);
insert into hit
select 'P03', a.programme, a.month, a.id_no from holder as a join holder as b using (month, id_no)
where a.programme = 'disability_living' and b.programme in ('orphan', 'unattended_child') and fits(a, b, a.former)
union all
select 'P03', a.programme, a.month, a.id_no from received as a join received as b using (month, id_no)
where fits(a, b, a.former) and list_position(['orphan', 'unattended_child', 'child_in_difficulty'], a.programme)
    > list_position(['orphan', 'unattended_child', 'child_in_difficulty'], b.programme);
insert into hit
select 'P04', 'dibao', a.month, a.id_no from holder as a join holder as b using (month, id_no)
where is_dibao(a.programme) and fits(a, b, a.former)
    and (b.programme = 'extreme_poverty' or (is_dibao(b.programme) and a.household_no < b.household_no));
insert into hit
select 'P05', h.programme, month, h.id_no from holder as h join elsewhere as s using (month, id_no)
where fits(h, s, former) and if(s.programme in ('低保', '特困'), is_dibao(h.programme) or h.programme = 'extreme_poverty',
    h.programme = (select programme from read_csv(getvariable('seeds') || '/codes/programmes.csv') where out_of_area_label = s.programme));
insert into hit
select 'P06', h.programme, h.month, h.id_no from holder as h left join holder as d
    on d.month = h.month and d.id_no = h.id_no and is_dibao(d.programme)
where h.programme = 'disability_living' and if(h.tier = '低保外重残', d.id_no is not null and fits(h, d, h.former),
    h.tier like '低保内%' and d.id_no is null);
insert into hit
select 'P07', programme, month, id_no from subsidised
where is_subsidy(programme) and (disability_category <> category or disability_grade <> grade);
create macro tariff(m, age) as coalesce((select arg_max(value, category::int) from policy
    where policy.month = m and parameter = 'elder_tariff' and category::int <= age), 0);
insert into hit
select 'P08', programme, month, id_no from holder as h
where programme = 'elder_allowance' and monthly_amount <> tariff(h.month, years(h.born, h.month))
    and not (date_diff('month', born, month) % 12 = 0 and monthly_amount = tariff(h.month, years(h.born, h.month) - 1));
insert into hit
select 'P09', programme, m.month, p.id_no
from paid as p join death as d on d.id_no = p.id_no and d.name = p.name and benefit_month > died_on
join months as m on paid_month <= m.month and rules_in(d, m.month)
where result = '成功'
group by m.month, programme, p.id_no, died_on having sum(if(kind = '扣回', -abs(amount), amount)) > 0;

create macro due(h, per_head, uplift) as if(h.net >= 12 * h.size * per_head, 0, greatest(0, ceil(
    (12 * h.size * per_head * (h.covered_rows + uplift * h.minors) - h.covered_rows * h.net) / (12 * h.size))));
create temp table differing as
select h.*, value, before, changed_on, standard.minor_uplift from home as h join standard using (month)
where holds and h.programme = 'dibao' and status = '在享' and abs(monthly_amount - due(h, value, standard.minor_uplift)) > size;
insert into hit select 'P10', programme, month, household_no from differing;
insert into hit
select 'P17', programme, month, household_no from differing as h
where start_month < changed_on and abs(monthly_amount - due(h, before, minor_uplift)) <= size
union all
select 'P17', programme, h.month, id_no from holder as h join policy as p
    on p.month = h.month and parameter = 'extreme_poverty_basic' and category = area_kind
where programme = 'extreme_poverty' and start_month < changed_on and basic_amount = before;
insert into hit
select 'P11', programme, month, h.id_no from holder as h left join certificate as c using (month, id_no)
where (is_dibao(programme) and uplift = '未成年人' and grown(born, 18) <= month)
    or (is_dibao(programme) and uplift = '重残' and not coalesce(is_valid and is_severe, false) and (c.id_no is null or fits(h, c, former)))
    or (h.kind = '重残重病儿童' and determined_until < month);

create temp table payee as
select paid_month as month, p.* from paid as p
where result = '成功' and p.kind <> '扣回' and account_no is not null and paid_month in (from months) and not exists (
    from roll as r where r.month = paid_month and r.id_no = p.id_no and (support_mode = '集中' or placement = '机构'));
create temp table tie as -- a household, a register number, a guardian; and by name whom each of them binds
select month, id_no, name, name_folded, name_pattern, 'household' || household_no as tie from member where role = '共同生活'
union all
select m.month, id_no, name, name_folded, name_pattern, 'register' || register_no
from register as r join months as m on rules_in(r, m.month) where register_no is not null
union all
select month, id_no, name, name_folded, name_pattern, 'guardian' || guardian_id_no
from roster where guardian_id_no is not null
union all
select p.month, id_no, r.name, r.name_folded, r.name_pattern, 'guardian' || id_no
from (select distinct month, id_no from payee) as p join register as r using (id_no) where rules_in(r, p.month);
insert into tie select month, id_no, former, null, null, tie from (select distinct month, id_no, tie from tie) join former using (id_no);
create temp table bound as
select month, id_no, tie from tie
union select month, id_no, 'household' || household_no from payee where household_no is not null
union select month, id_no, 'guardian' || id_no from payee;
insert into hit
with recursive crowded as (
    select month, account_no from payee group by all having count(distinct id_no) > 2
), tied as (
    select distinct month, account_no, id_no, tie from payee join crowded using (month, account_no) join bound using (month, id_no)
), reached as (
    select distinct month, account_no, id_no, id_no as other from tied
    union
    select r.month, r.account_no, r.id_no, theirs.id_no
    from reached as r join tied as own on (own.month, own.account_no, own.id_no) = (r.month, r.account_no, r.other)
    join tied as theirs on (theirs.month, theirs.account_no, theirs.tie) = (own.month, own.account_no, own.tie)
), grouped as (
    select month, account_no, id_no, min(other) as head from reached group by all
)
select 'P12', '', month, account_no from grouped group by all having count(distinct head) > 2;
insert into hit
select 'P12', '', p.month, account_no
from (select *, {name: account_name, name_folded: account_name_folded, name_pattern: account_name_pattern} as account from payee) as p
where account_name is not null and not fits(p, account)
    and not exists (from read_csv(getvariable('seeds') || '/codes/institution_words.csv') as word
        where length(account_name) >= least_length and account_name like '%' || ending)
    and (p.month, account_name) not in (select (month, institution) from roster where institution is not null)
    and not exists (from bound join tie as kin using (month, tie)
        where bound.month = p.month and bound.id_no = p.id_no and fits(p.account, kin))
    and not exists (
        from roster as child left join former on former.id_no = guardian_id_no
        where child.month = p.month and child.id_no = p.id_no and guardian_name is not null and (account_name = former
            or fits(p.account, {name: guardian_name, name_folded: guardian_name_folded, name_pattern: guardian_name_pattern})));

create macro pays(programme) as if(is_dibao(programme), 'dibao', programme);
create temp table cash as -- 低保 that names no household belongs to the payee's
with theirs as (select month, id_no, min(household_no) as household_no from holder where is_dibao(programme) group by all)
select r.*, if(is_dibao(programme), coalesce(r.household_no, theirs.household_no, r.id_no), r.id_no) as subject
from received as r left join theirs using (month, id_no) where is_cash(programme);
create temp table owed as
select month, pays(programme) as pays, coalesce(household_no, id_no) as subject, min(programme) as programme,
    max(monthly_amount) as monthly_amount, max(town) as town
from holder where is_cash(programme) group by all;
insert into hit
select 'P13', programme, month, subject from cash where kind = '正常' group by all having count(*) > 1;
insert into hit
with lives as (
    select id_no, coalesce(max(r.village), arg_max(roll.village, roll.month)) as village
    from roll full join (from register where rules_in(register, (select max(month) from months))) as r using (id_no) group by all
), unheld as (
    select month, pays(programme) as pays, subject, max(programme) as programme, max(id_no) as id_no, max(name) as name
    from cash where (month, pays(programme), subject) not in (select (month, pays, subject) from owed) and month in (from months)
    group by all having bool_or(kind = '正常')
)
select 'P14', u.programme, u.month, subject from unheld as u left join lives using (id_no)
left join home on home.household_no = subject and home.month = u.month
where not is_unread(u.programme, u.month, u.name, coalesce(home.village, lives.village));
insert into hit
select 'P14', now.programme, now.month, subject from owed as now join owed as before using (pays, subject)
where before.month = ago(now.month, 1) and now.monthly_amount > 0 and before.monthly_amount > 0 and not exists (
    from cash as c where c.subject = now.subject and pays(c.programme) = now.pays and c.month in (now.month, before.month))
    and not exists ( -- of a household, anybody who holds, or its head
        from holder as h left join home using (month, household_no)
        where h.month = now.month and pays(h.programme) = now.pays and coalesce(h.household_no, h.id_no) = now.subject
            and (is_unread(h.programme, now.month, h.name, h.village)
                or is_unread(h.programme, now.month, home.name, h.village)));
insert into hit
select 'P15', programme, month, h.id_no from holder as h join snapshot('medical_insurance.long_term_care') as s using (month, id_no)
where programme = 'disability_nursing' and start_on <= last_day(month) and coalesce(end_on >= month, true) and fits(h, s, former);
insert into hit
with both_sides as (
    select month, programme, coalesce(town, '') as town, monthly_amount as amount, 1 as rows from owed where monthly_amount > 0
    union all
    select benefit_month, programme, coalesce(town, ''), -amount, -1 from paid where kind = '正常' and is_cash(programme)
)
select 'P16', programme, month, concat_ws('|', programme, town, month) from both_sides
where month in (select benefit_month from payment) and month in (from months)
group by programme, month, town having sum(rows) <> 0 or (abs(sum(amount)) >= 0.01 and programme <> 'extreme_poverty');

-- Data findings. A snapshot speaks while it is in force, any other delivery in its own month.
create temp table speaking as
select month, delivery from in_force union all select period, delivery from delivery where is_fact(dataset);
create macro is_damaged(text) as regexp_matches(text, '�|锟斤拷|[\x{E000}-\x{F8FF}\x{F0000}-\x{10FFFD}]');
insert into hit
select distinct 'D01', '', month, delivery from (
    select delivery, unnest(reasons).reason as reason from landed('*', 'quarantined')) join speaking using (delivery)
where reason in ('bad_length', 'bad_date', 'bad_checksum', 'masked', 'lost_precision');
create macro sex_by(id) as case substr(id, 17, 1)::int % 2 when 1 then '男' when 0 then '女' end;
insert into hit
select 'D02', '', month, id_no from register as r join months on rules_in(r, month)
where birth_date <> born_by(id_no) or sex <> sex_by(id_no)
union all
select 'D02', '', month, id_no from roster where dataset = 'civil_affairs.elder_allowance' and birth_date <> born_by(id_no)
union all
select 'D02', '', month, id_no from cremation join months on died_on <= last_day(month) where sex <> sex_by(id_no);

create macro told(d, day, k1, k2 := null, k3 := null, k4 := null) as table
select id_no, name, name_folded, name_pattern, month_of(day) as since, no_end() as until from fact(d, k1, k2, k3, k4);
create temp table said as
select month, unnest([
    {id_no: coalesce(id_no, owner_id_no), name: coalesce(name, owner_name), name_folded: coalesce(name_folded, owner_name_folded),
        name_pattern: coalesce(name_pattern, owner_name_pattern)},
    {id_no: head_id_no, name: head_name, name_folded: head_name_folded, name_pattern: head_name_pattern},
    {id_no: guardian_id_no, name: guardian_name, name_folded: guardian_name_folded, name_pattern: guardian_name_pattern}
], recursive := true)
from landed('civil_affairs.assistance_household civil_affairs.assistance_member civil_affairs.extreme_poverty '
    || 'civil_affairs.disability_subsidy civil_affairs.elder_allowance civil_affairs.child_welfare '
    || 'civil_affairs.out_of_area_recipient public_security.vehicle human_resources.pension human_resources.unemployment '
    || 'human_resources.work_injury medical_insurance.long_term_care market_regulation.business '
    || 'disabled_federation.certificate education.enrolment justice.custody rural_affairs.poverty_monitor')
join in_force using (delivery);
create temp table noted as
select id_no, name, name_folded, name_pattern, valid_from as since, valid_to as until from register
union all select id_no, name, name_folded, name_pattern, period, until from estate where period < until
union all select id_no, name, name_folded, name_pattern, month_of(died_on), no_end() from cremation
union all select id_no, name, name_folded, name_pattern, month_of(died_on), no_end() from certificate_of_death
union all select id_no, name, name_folded, name_pattern, benefit_month, no_end() from payment
union all from told('finance.payroll', month, id_no, unit, month)
union all from told('human_resources.contribution', month, id_no, month, employer, scheme)
union all from told('taxation.personal_income', month, id_no, payer, item, month)
union all from told('housing_fund.contribution', month, id_no, month, employer)
union all from told('medical_insurance.settlement', settled_on, settlement_no)
union all from told('public_security.exit_entry', exited_on, id_no, exited_on)
union all from told('emergency.incident', occurred_on, incident_no, name)
union all select unnest([
    {id_no: male_id_no, name: male_name, name_folded: male_name_folded, name_pattern: male_name_pattern},
    {id_no: female_id_no, name: female_name, name_folded: female_name_folded, name_pattern: female_name_pattern}
], recursive := true), month_of(registered_on), no_end() from fact('civil_affairs.marriage', certificate_no);
insert into hit
with listed as (select * from roster left join former using (id_no))
select 'D03', '', l.month, l.id_no from listed as l join said as s using (month, id_no)
where l.name <> s.name and not fits(l, s, former)
union all
select 'D03', '', l.month, l.id_no from listed as l join noted as s using (id_no)
where l.name <> s.name and not fits(l, s, former) and since <= month and until > month;

insert into hit
with listed as (
    select distinct r.month, r.id_no, r.name, coalesce(r.village, home.village) as village,
        coalesce(registered.birth_date, born_by(r.id_no)) as born
    from roster as r left join home using (month, household_no)
    left join register as registered on registered.id_no = r.id_no and rules_in(registered, (select max(month) from months))
    where coalesce(r.role, '共同生活') = '共同生活'
)
select 'D04', '', month, a.id_no || '|' || b.id_no from listed as a join listed as b using (month, name, born, village)
where a.id_no < b.id_no;
insert into hit
select 'D05', '', month, household_no from home
where phone is null or address is null or (month, household_no, id_no) not in (select (month, household_no, id_no) from member);
insert into hit
select 'D07', '', month, id_no from certified
where substr(upper(certificate_no), 1, 20) <> id_no
    || list_position(['视力', '听力', '言语', '肢体', '智力', '精神', '多重'], category)
    || list_position(['一级', '二级', '三级', '四级'], grade);
insert into hit
select 'D08', '', month, dataset || '|' || max(period) from months join delivery on period <= month
group by month, dataset having date_diff('month', max(period), month) > stale_after(dataset)
union all
select 'D08', '', month, dataset || '|' || period from (
    select new.*, arg_max(old.rows_accepted, (old.period, old.received_at, old.delivery)) as rows_before
    from in_force as new join delivery as old
        on old.dataset = new.dataset and old.part = new.part and old.period < new.period group by all)
where abs(rows_accepted - rows_before) > 0.3 * rows_before;
insert into hit
select 'D10', '', month, household_no from home
where together <> member_count or (select count(*) from member as m where m.month = home.month
    and m.household_no = home.household_no and m.relation in ('本人', '户主')) <> 1;
insert into hit
select 'D11', '', month, household_no from home as h
where (holds(h) or status = '暂停') and (authorised_on is null or authorised_on > last_day(month) or authorised_until < month);
insert into hit
select distinct 'D12', '', speaking.month, delivery from landed('*') join speaking using (delivery)
where is_damaged(address) or (coalesce(name_pattern, former_name_pattern, head_name_pattern, owner_name_pattern,
        guardian_name_pattern, account_name_pattern, male_name_pattern, female_name_pattern, caller_name_pattern) is not null
    and is_damaged(concat(name, former_name, head_name, owner_name, guardian_name, account_name, male_name, female_name, caller_name)));

-- What a rule names must be there and not stale; of several programmes only those with a stale roster are left out.
create temp table evaluated as
with fresh as (
    select month, list(distinct dataset) as datasets
    from months join delivery on period <= month and date_diff('month', period, month) <= stale_after(dataset) group by all
), asked as (
    select rule_id, unnest(string_split(coalesce(programmes, ''), ';')) as programme, needs_roster,
        string_split(requires, ';') as all_of, string_split(requires_any, ';') as any_of
    from read_csv(getvariable('seeds') || '/rules/rule_catalogue.csv')
), listed as (
    select programme, list(dataset) as datasets from read_csv(getvariable('seeds') || '/rules/programme_roster.csv') group by all
)
select rule_id, programme, month from asked left join listed using (programme), fresh
where coalesce(list_has_all(fresh.datasets, all_of), true) and coalesce(list_has_any(fresh.datasets, any_of), true)
    and coalesce(not needs_roster or list_has_all(fresh.datasets, listed.datasets), true);
create temp table found as select distinct * from hit semi join evaluated using (rule_id, programme, month);
