{#
    How a text, a date, a number or a code is read that somebody typed. Staging reads what has landed with these macros,
    and landing reads what is delivered with the same ones: it takes them from this file, so that what one of them
    understands the other understands. Landing has no dbt around it: nothing here may ask the database, name a model or
    a seed, or need another file of macros. A second engine needs this file again, as it does engine.sql.
#}


{# ------------------------------------------------------------------ text #}

{#
    The rule of folding, as catalogue/folding.py has it for landing's headers and the list of services; a test holds the
    two together. Whoever changes one of them changes the other, and raises FOLDING_VERSION there.
    First the characters that word processors, spreadsheets and web pages put in the place of plain ones, and those plain
    ones; then the small letters of the Latin script that have an accent, and those without.
#}
{% macro typed_characters() -%}‘’‚‛′´`ʼʻ＇“”„‟″＂‐‑‒–—―−⁃﹘﹣－{%- endmacro %}
{% macro plain_characters() -%}''''''''''""""""-----------{%- endmacro %}
{% macro accented_letters() -%}
    {{- 'àáâãäåçèéêëìíîïñòóôõöùúûüýÿāăąćĉċčďēĕėęěĝğġģĥĩīĭįĵķĺļľńņňōŏőŕŗřśŝşšţťũūŭůűųŵŷźżžơưǎǐǒǔǖǘǚǜǟǡǣǧǩǫǭǯǰǵ' -}}
    {{- 'ǹǻǽǿȁȃȅȇȉȋȍȏȑȓȕȗșțȟȧȩȫȭȯȱȳḁḃḅḇḉḋḍḏḑḓḕḗḙḛḝḟḡḣḥḧḩḫḭḯḱḳḵḷḹḻḽḿṁṃṅṇṉṋṍṏṑṓṕṗṙṛṝṟṡṣṥṧṩṫṭṯṱṳṵṷṹṻṽṿẁẃẅẇẉẋẍẏẑẓ' -}}
    {{- 'ẕẖẗẘẙẛạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ' -}}
{%- endmacro %}
{% macro plain_letters() -%}
    {{- 'aaaaaaceeeeiiiinooooouuuuyyaaaccccdeeeeegggghiiiijklllnnnooorrrssssttuuuuuuwyzzzouaiouuuuuaaægkooʒjg' -}}
    {{- 'naæøaaeeiioorruusthaeooooyabbbcdddddeeeeefghhhhhiikkkllllmmmnnnnoooopprrrrsssssttttuuuuuvvwwwwwxxyzz' -}}
    {{- 'zhtwyſaaaaaaaaaaaaeeeeeeeeiioooooooooooouuuuuuuyyyy' -}}
{%- endmacro %}

{# White space of any script, as part of a regular expression: what Python's split() takes for it. #}
{% macro white_space() -%}[\s\v\x1c-\x1f\x{85}\p{Z}]+{%- endmacro %}

{#
    Text without what cannot be seen or is typed in several ways: lower case, single spaces, plain quotation marks and
    dashes, no accents, no zero-width characters or soft hyphens. Nearly every cell is one plain word, told at once.
#}
{% macro plain_text(cell) -%}
    {%- set typed = text_literal(typed_characters()) -%}
    {%- set plain = text_literal(plain_characters()) -%}
    {%- set spaced = "regexp_replace(translate(" ~ cell ~ ", " ~ typed ~ ", " ~ plain ~ "), '" ~ white_space() ~ "', ' ', 'g')" -%}
    {%- set seen = "regexp_replace(" ~ spaced ~ ", '[\\p{Cf}\\p{Cc}]', '', 'g')" -%}
    case
        when regexp_full_match({{ cell }}, '[0-9A-Za-z_-]*') then lower({{ cell }})
        else trim(regexp_replace(lower(strip_accents({{ seen }})), ' +', ' ', 'g'))
    end
{%- endmacro %}

{# Plain text as it is compared: "&" is "and", and a full stop says nothing unless it stands between two digits. #}
{% macro without_full_stops(text) -%}
    {%- set dropped = namespace(text="replace(" ~ text ~ ", '&', ' and ')") -%}
    {%- for once in range(2) -%}
        {%- set dropped.text = "regexp_replace(" ~ dropped.text ~ ", '[.]{2,}|(^|[^0-9.])[.]|[.]([^0-9.]|$)', '\\1\\2', 'g')" -%}
    {%- endfor -%}
    trim(regexp_replace({{ dropped.text }}, ' +', ' ', 'g'))
{%- endmacro %}

{# A cell as it is compared. #}
{% macro folded_text(cell) -%}
    case
        when regexp_full_match({{ cell }}, '[0-9A-Za-z_-]*') then lower({{ cell }})
        else {{ without_full_stops(plain_text(cell)) }}
    end
{%- endmacro %}


{# The same rule for text the catalogue already gives us while the SQL is written (see folded_text). #}
{% macro folded_spelling(text) -%}
    {#- The grave accent is the one typed character that is ASCII, and nearly every spelling is ASCII only. -#}
    {%- set read = namespace(text=text | lower | replace('`', "'")) -%}
    {%- if not read.text.isascii() -%}
        {%- for typed in typed_characters() -%}
            {%- set read.text = read.text | replace(typed, plain_characters()[loop.index0]) -%}
        {%- endfor -%}
        {%- if not read.text.isascii() -%}
            {%- for accented in accented_letters() -%}
                {%- set read.text = read.text | replace(accented, plain_letters()[loop.index0]) -%}
            {%- endfor -%}
        {%- endif -%}
    {%- endif -%}
    {%- set read.text = read.text.replace('&', ' and ') -%}
    {%- if '.' in read.text -%}
        {%- set parts = read.text.split('.') -%}
        {%- set read.text = parts[0] -%}
        {%- for part in parts[1:] -%}
            {%- set is_number = parts[loop.index0][-1:].isdigit() and part[:1].isdigit() -%}
            {%- set read.text = read.text ~ ('.' if is_number else '') ~ part -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(read.text.split() | join(' ')) }}
{%- endmacro %}


{% macro text_literal(text) -%}
    '{{ text | replace("'", "''") }}'
{%- endmacro %}


{# The value paired with a text: one search for any number of pairs, where CASE would work `expression` out again for each. #}
{% macro lookup(expression, texts, values, otherwise) -%}
    {%- set literals = [] -%}
    {%- for text in texts -%}{%- do literals.append(text_literal(text)) -%}{%- endfor -%}
    coalesce([{{ values | join(', ') }}][list_position([{{ literals | join(', ') }}], {{ expression }})], {{ otherwise }})
{%- endmacro %}


{# ----------------------------------------------------------------- codes #}

{% macro ticked_texts() -%}{{ return(['1', '1.0', 'true', 't', 'yes', 'y', 'x', 'checked']) }}{%- endmacro %}
{% macro unticked_texts() -%}{{ return(['0', '0.0', 'false', 'f', 'no', 'n', 'unchecked']) }}{%- endmacro %}


{# Text without what a list in a workbook puts before a value: the `a)` of `a) Male`, but not the `1.` of `1.0`. #}
{% macro without_list_letter(text) -%}
    regexp_replace({{ text }}, '^[a-z0-9]{1,2}(?:[)] *|[.] +|[.]([^0-9 ]|$))', '\1')
{%- endmacro %}


{#
    The place of a cell in the list of codes: positive when it is a code as it stands, negative when it is another
    spelling of it, 0 when it is neither, NULL when it is blank.
#}
{% macro code_position(cell, field) -%}
    {%- set exact = [] -%}
    {%- set loose = {} -%}
    {%- for code in field['codes'] -%}
        {%- do exact.append(text_literal(code['code'])) -%}
        {%- do loose.setdefault(folded_spelling(code['code']), -loop.index) -%}
    {%- endfor -%}
    {%- for code in field['codes'] -%}
        {%- set place = -loop.index -%}
        {%- for spelling in code['spellings'] -%}
            {%- do loose.setdefault(folded_spelling(spelling), place) -%}
        {%- endfor -%}
    {%- endfor -%}
    case
        when {{ cell }} is null or trim({{ cell }}) = '' then null
        else coalesce(
            nullif(list_position([{{ exact | join(', ') }}], {{ cell }}), 0),
            {{ lookup(without_full_stops(without_list_letter(plain_text(cell))), loose.keys() | list, loose.values() | list, 0) }}
        )
    end
{%- endmacro %}


{# 1 for yes, 0 for no, -1 for text that is neither, NULL for blank. #}
{% macro flag_value(cell) -%}
    {%- set texts = ticked_texts() + unticked_texts() -%}
    {%- set values = [1] * (ticked_texts() | length) + [0] * (unticked_texts() | length) -%}
    case
        when {{ cell }} is null or trim({{ cell }}) = '' then null
        else {{ lookup(without_full_stops(without_list_letter(plain_text(cell))), texts, values, -1) }}
    end
{%- endmacro %}


{# ------------------------------------------------- numbers, dates, times #}

{# A finite number, or NULL. Thousands commas and a trailing per cent or unit are not guessed at. #}
{% macro try_number(cell) -%}
    case when isfinite(try_cast({{ cell }} as double)) then try_cast({{ cell }} as double) end
{%- endmacro %}

{# Spreadsheets count days from 30 December 1899; anything outside 1954 to 2119 is not a date but some other number. #}
{% macro is_spreadsheet_date(number) -%}
    {{ number }} between 20000 and 80000
{%- endmacro %}

{#
    A calendar date from ISO text, ISO text with a time, day/month/year (or month/day/year, where a programme says so) with
    or without a time, or a spreadsheet serial.
#}
{% macro try_date(cell, day_first=true) -%}
    case
        when {{ cell }} is null then null
        when {{ cell }} like '____-__-__' then try_cast({{ cell }} as date)
        when regexp_matches(trim({{ cell }}), '^\d{4}-\d{1,2}-\d{1,2}([T ].*)?$')
            then try_cast(regexp_extract(trim({{ cell }}), '^[^T ]+') as date)
        when regexp_matches(trim({{ cell }}), '^\d{1,2}/\d{1,2}/\d{4}( .*)?$')
            then try_strptime(regexp_extract(trim({{ cell }}), '^[^ ]+'), '{{ "%d/%m" if day_first else "%m/%d" }}/%Y')::date
        when {{ is_spreadsheet_date('try_cast(' ~ cell ~ ' as double)') }}
            then date '1899-12-30' + floor(try_cast({{ cell }} as double))::integer
    end
{%- endmacro %}

{# A moment from the same spellings, in UTC where the text says how far it is from UTC; a missing time is midnight. #}
{% macro try_timestamp(cell, day_first=true) -%}
    {%- set day = '%d/%m/%Y' if day_first else '%m/%d/%Y' -%}
    case
        when {{ cell }} is null then null
        when {{ cell }} like '____-__-__T__:__:__Z' then try_cast({{ cell }} as timestamp)
        when regexp_matches(trim({{ cell }}), '^\d{4}-\d{1,2}-\d{1,2}([T ].*)?$')
            then coalesce(
                try_cast(trim({{ cell }}) as timestamp),
                try_strptime(
                    regexp_replace(trim({{ cell }}), '(:\d{2})[+-]\d{2}:?\d{2}$', '\1'),
                    ['%Y-%m-%dT%H:%M', '%Y-%m-%d %H:%M', '%Y-%m-%dT%H:%MZ']
                )
            ) - to_minutes({{ minutes_from_utc(cell) }})
        when regexp_matches(trim({{ cell }}), '^\d{1,2}/\d{1,2}/\d{4}( .*)?$')
            then try_strptime(trim({{ cell }}), ['{{ day }}', '{{ day }} %H:%M', '{{ day }} %H:%M:%S'])
        when {{ is_spreadsheet_date('try_cast(' ~ cell ~ ' as double)') }}
            then timestamp '1899-12-30 00:00:00'
                + to_seconds(round(try_cast({{ cell }} as double) * 86400)::bigint)
    end
{%- endmacro %}

{# The offset at the end of an ISO time, such as +01:00; the engine's own cast reads the clock and drops the offset. #}
{% macro minutes_from_utc(cell) -%}
    case
        when regexp_matches({{ cell }}, ':\d{2}.*[+-]\d{2}:?\d{2}\s*$')
            then cast(regexp_extract({{ cell }}, '([+-])\d{2}:?\d{2}\s*$', 1) || '1' as integer) * (
                60 * cast(regexp_extract({{ cell }}, '[+-](\d{2}):?\d{2}\s*$', 1) as integer)
                + cast(regexp_extract({{ cell }}, '[+-]\d{2}:?(\d{2})\s*$', 1) as integer)
            )
        else 0
    end
{%- endmacro %}

{# The first day of a month given as YYYY-MM. #}
{% macro try_month(cell) -%}
    case
        when regexp_full_match(trim({{ cell }}), '\d{4}-\d{1,2}') then try_cast(trim({{ cell }}) || '-01' as date)
    end
{%- endmacro %}
