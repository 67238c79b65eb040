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
    {%- set seen = seen_text(spaced) -%}
    case
        when regexp_full_match({{ cell }}, '[0-9A-Za-z_-]*') then lower({{ cell }})
        else trim(regexp_replace(lower(strip_accents({{ seen }})), ' +', ' ', 'g'))
    end
{%- endmacro %}

{# Text without what cannot be seen: zero-width characters, soft hyphens, marks of a direction. #}
{% macro seen_text(text) -%}regexp_replace({{ text }}, '[\p{Cf}\p{Cc}]', '', 'g'){%- endmacro %}

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


{# Texts as a list of the engine. #}
{% macro text_list(texts) -%}
    {%- set literals = [] -%}
    {%- for text in texts -%}{%- do literals.append(text_literal(text)) -%}{%- endfor -%}
    [{{ literals | join(', ') }}]
{%- endmacro %}

{# The value paired with a text: one search for any number of pairs, where CASE would work `expression` out again for each. #}
{% macro lookup(expression, texts, values, otherwise) -%}
    coalesce([{{ values | join(', ') }}][list_position({{ text_list(texts) }}, {{ expression }})], {{ otherwise }})
{%- endmacro %}


{# ----------------------------------------------------------------- codes #}

{% macro ticked_texts() -%}{{ return(['1', '1.0', 'true', 't', 'yes', 'y', 'x', 'checked']) }}{%- endmacro %}
{% macro unticked_texts() -%}{{ return(['0', '0.0', 'false', 'f', 'no', 'n', 'unchecked']) }}{%- endmacro %}


{# Text without what a list in a workbook puts before a value: the `a)` of `a) Yes`, but not the `1.` of `1.0`. #}
{% macro without_list_letter(text) -%}
    regexp_replace({{ text }}, '^[a-z0-9]{1,2}(?:[)] *|[.] +|[.]([^0-9 ]|$))', '\1')
{%- endmacro %}


{# How people shorten the words of a label. Each is one word once punctuation is gone. #}
{% macro abbreviations() -%}
    {{ return({
        'asc': 'adult social care', 'cao': 'child arrangements order', 'dept': 'department', 'epo': 'emergency protection order',
        'fco': 'full care order', 'ffa': 'fostering for adoption', 'gp': 'general practitioner', 'ico': 'interim care order',
        'inc': 'including', 'incl': 'including', 'info': 'information', 'la': 'local authority', 'longterm': 'long term',
        'nfa': 'no further action', 'nhs': 'national health service', 's20': 'section 20', 'sgo': 'special guardianship order',
        'yoi': 'young offender institution'
    }) }}
{%- endmacro %}

{# The words of a plain text, by which it is compared with a code or a label: no punctuation, no abbreviations. #}
{% macro compared_words(text) -%}
    {%- set short = abbreviations() -%}
    {%- set full = [] -%}
    {%- for word in short.values() -%}{%- do full.append(text_literal(word)) -%}{%- endfor -%}
    array_to_string(list_transform(
        string_split(trim(regexp_replace(replace({{ without_full_stops(text) }}, '''', ''), '[^\p{L}\p{N}]+', ' ', 'g')), ' '),
        word -> {{ lookup('word', short.keys() | list, full, 'word') }}
    ), ' ')
{%- endmacro %}

{# The same words of a text that the catalogue already gives us while the SQL is written. #}
{% macro words_of_spelling(text) -%}
    {%- set read = namespace(text='') -%}
    {%- for letter in folded_spelling(text).replace("'", '') -%}
        {%- set read.text = read.text ~ (letter if letter.isalnum() else ' ') -%}
    {%- endfor -%}
    {%- set short = abbreviations() -%}
    {%- set words = [] -%}
    {%- for word in read.text.split() -%}{%- do words.append(short.get(word, word)) -%}{%- endfor -%}
    {{ return(words | join(' ')) }}
{%- endmacro %}

{#
    What the texts of a list mean, as they are compared: the place of a code, negative, and of codes that mean the same
    always that of the first; 0 where a text means several.
#}
{% macro meanings(codes, with_spellings) -%}
    {%- set first = {} -%}
    {%- set found = {} -%}
    {%- for code in codes -%}
        {%- do first.setdefault(code['canonical_code'], -loop.index) -%}
        {%- do found.setdefault(words_of_spelling(code['code']), first[code['canonical_code']]) -%}
    {%- endfor -%}
    {%- set spelt = {} -%}
    {%- for code in codes if with_spellings -%}
        {%- for spelling in code['spellings'] -%}
            {%- set text = words_of_spelling(spelling) -%}
            {%- set place = first[code['canonical_code']] -%}
            {%- do spelt.update({text: place if spelt.get(text, place) == place else 0}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- for text, place in spelt.items() -%}{%- do found.setdefault(text, place) -%}{%- endfor -%}
    {%- do found.pop('', none) -%}
    {{ return(found) }}
{%- endmacro %}

{# A value under a name, for an expression that needs it more than once. #}
{% macro named(value, name, expression) -%}
    list_transform([{{ value }}], {{ name }} -> {{ expression }})[1]
{%- endmacro %}

{#
    The parts that a cell of a code is written in: what a list puts before it (`mark`, the `q` of `q) 6: Police`; `is_coded`
    where colon or dash follows it, as they follow a code), what is left (`rest`), its first word (`head`) and what stands
    behind that (`tail`), and its last word (`last`) and what stands before that (`label`). Blank where there is no such part.
#}
{% macro parts_of_cell(text) -%}
    {%- set marks = [
        "[(]?([a-z0-9]{1,2})[)] *(.+)",
        "([a-z]|[0-9]{1,2})(?::| -) *(.+)",
        "([a-z]{1,2}|[0-9]{1,2})[.](?: +(.+)|([^0-9 ][^. ].*))",
    ] -%}
    {%- set listed = "regexp_extract(" ~ text ~ ", '^(?:" ~ marks | join('|') ~ ")$', ['a', 'b', 'c', 'd', 'e', 'f', 'g'])" -%}
    {%- set rest = "coalesce(nullif(mark['b'] || mark['d'] || mark['f'] || mark['g'], ''), " ~ text ~ ")" -%}
    {%- set around = "struct_pack(
            mark := mark['a'] || mark['c'] || mark['e'], is_coded := mark['c'] != '', rest := rest,
            first := regexp_extract(rest, '^[(\\[]?([a-z0-9]+)(.*)$', ['head', 'tail']),
            last := regexp_extract(rest, '^(.+?) ?[-:(\\[/, ] ?([a-z0-9]+)[)\\]]?$', ['label', 'code'])
        )" -%}
    {{ named(listed, 'mark', named(rest, 'rest', around)) }}
{%- endmacro %}

{#
    The place of a cell that is no code as it stands: of a code or label in other words, or of the one code that it begins
    with, whatever stands behind it. A code that is a word or a single letter or digit may be none: it needs a colon, a dash
    or a bracket behind it, and the capitals of the list. Where two codes may be meant, none is: 0, as where none is found.
#}
{% macro spelt_code_position(cell, codes) -%}
    {%- set known = meanings(codes, true) -%}
    {%- set own = [] -%}
    {%- set exact = [] -%}
    {%- for code in codes -%}
        {%- do own.append(text_literal(words_of_spelling(code['code']))) -%}
        {%- do exact.append(text_literal(code['code'])) -%}
    {%- endfor -%}
    {%- set place_of = "[" ~ known.values() | join(', ') ~ "][list_position(" ~ text_list(known.keys() | list) ~ ", word)]" -%}
    {%- set words = [compared_words('text'), compared_words("part['rest']"), compared_words("part['first']['tail']"),
        compared_words("part['last']['label']"), "part['last']['code']", "part['first']['head']", "part['mark']"] -%}
    {%- set named_places = "list_transform([" ~ words | join(', ') ~ "], word -> " ~ place_of ~ ")" -%}
    {{ named(
        "regexp_replace(" ~ plain_text(cell) ~ ", '^([0-9]+)[.]0+$', '\\1')", 'text',
        named(parts_of_cell('text'), 'part', named(
            "struct_pack(own := [" ~ own | join(', ') ~ "], typed := list_transform(list_filter(regexp_extract_all(" ~ cell
            ~ ", '[A-Za-z0-9]+')[1:2], word -> list_contains([" ~ exact | join(', ') ~ "], word)), word -> lower(word)))", 'code',
            named(named_places, 'place', chosen_place(place_of))
        ))
    ) }}
{%- endmacro %}

{# Which of the places of the parts of a cell counts (see spelt_code_position, which gives `part`, `code` and `place`). #}
{% macro chosen_place(place_of) -%}
    {%- set head = "part['first']['head']" -%}
    {%- set tail = "part['first']['tail']" -%}
    {%- set is_mixed = "regexp_matches(" ~ head ~ ", '[a-z]') and regexp_matches(" ~ head ~ ", '[0-9]')" -%}
    {%- set is_word = "len(" ~ head ~ ") > 1 and regexp_full_match(" ~ head ~ ", '[a-z]+')" -%}
    {%- set chosen -%}
    case
        when place[2] is not null then place[2]
        when place[6] = place[3] then place[6]
        when place[4] = place[5] then place[4]
        when place[3] is not null or len(list_distinct(list_transform(
            list_filter(regexp_extract_all(part['rest'], '[a-z0-9]+'), word -> len(word) > 1 and list_contains(code['own'], word)),
            word -> {{ place_of }}
        ))) > 1 then 0
        when list_contains(code['own'], {{ head }}) and (
            {{ is_mixed }} and not regexp_matches({{ tail }}, '^[\p{L}\p{N}_]')
            or list_contains(code['typed'], {{ head }}) and (
                {{ is_word }} and regexp_matches({{ tail }}, '^ ?[-:(\[/,]')
                or regexp_matches({{ tail }}, '^ ?(?:[:(]|- ) *[^0-9 ]')
            )
        ) then place[6]
        when part['is_coded'] and list_contains(code['typed'], part['mark']) and regexp_matches(part['rest'], '^[^0-9]')
            then place[7]
        else 0
    end
    {%- endset -%}
    case
        when place[1] is not null then place[1]
        else {{ named(chosen, 'found', 'case when found != place[7] then 0 else found end') }}
    end
{%- endmacro %}

{#
    The place of a cell in the list of codes: positive when it is a code as it stands, negative when it is another
    spelling of it, 0 when it is neither, NULL when it is blank.
#}
{% macro code_position(cell, field) -%}
    {%- set exact = [] -%}
    {%- for code in field['codes'] -%}{%- do exact.append(text_literal(code['code'])) -%}{%- endfor -%}
    case
        when {{ cell }} is null or trim({{ cell }}) = '' then null
        else coalesce(
            nullif(list_position([{{ exact | join(', ') }}], {{ cell }}), 0),
            {{ spelt_code_position(cell, field['codes']) }},
            0
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

{# Whether a number lies within two limits, either of which may be none. #}
{% macro within_limits(number, minimum, maximum) -%}
    {%- set limits = [] -%}
    {%- if minimum is not none -%}{%- do limits.append(number ~ ' >= ' ~ minimum) -%}{%- endif -%}
    {%- if maximum is not none -%}{%- do limits.append(number ~ ' <= ' ~ maximum) -%}{%- endif -%}
    {{ limits | join(' and ') if limits else 'true' }}
{%- endmacro %}

{# Spreadsheets count days from 30 December 1899; anything outside 1954 to 2119 is not a date but some other number. #}
{% macro is_spreadsheet_date(number) -%}
    {{ number }} between 20000 and 80000
{%- endmacro %}

{% macro is_day_number(cell) -%}
    regexp_full_match({{ cell }}, '[+]?[0-9]+([.][0-9]*)?([eE][+]?[0-9]+)?')
{%- endmacro %}

{# The days between the two beginnings from which workbooks count: those of old Macs begin in 1904. #}
{% macro days_of_1904(from_1904) -%}{{ 1462 if from_1904 else 0 }}{%- endmacro %}

{# A cell that may hold a date, as the rules below compare it: lower case, single spaces, one kind of dash, no day of the week. #}
{% macro date_text(cell) -%}
    regexp_replace(
        lower(trim(regexp_replace(translate({{ cell }}, '‐‑‒–—−', '------'), '{{ white_space() }}', ' ', 'g'))),
        '^(mon|tue|wed|thu|fri|sat|sun)[a-z]*[.,]? ', ''
    )
{%- endmacro %}

{% macro month_names() -%}
    jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?
{%- endmacro %}

{# How a day is written in `date_text`, as regular expressions: 2023-06-05, 5/6/2023 or 5.6.23, 5 June 2023, June 5 2023. #}
{% macro year_first_day() -%}^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2}){%- endmacro %}
{% macro numbered_day() -%}^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2}){%- endmacro %}
{% macro named_day() -%}^(\d{1,2})(?:st|nd|rd|th)?[-/. ]?(?:of )?({{ month_names() }})[-/., ]+(\d{4}|\d{2}){%- endmacro %}
{% macro named_month_day() -%}^({{ month_names() }})[. ](\d{1,2})(?:st|nd|rd|th)?[, ]+(\d{4}|\d{2}){%- endmacro %}
{# What may follow a day: a time of day, and how far that is from UTC. #}
{% macro time_of_day() -%}[t ](\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[ap]m)?){%- endmacro %}
{% macro time_zone() -%}[ ]?(z|utc|gmt|[+](?:0\d|1[0-4])(?::?[0-5]\d)?|-(?:0\d|1[0-2])(?::?[0-5]\d)?){%- endmacro %}

{# A day put together from the parts of a pattern: which of them is the day, the month, the year. #}
{% macro day_of_parts(text, pattern, day, month, year) -%}
    {%- set part = "regexp_extract(" ~ text ~ ", '" ~ pattern ~ "', " -%}
    {#- A year of two digits is of this century up to 68, else of the last, as the C library has it. -#}
    try_strptime(
        {{ part }}{{ day }}) || ' ' || left({{ part }}{{ month }}), 3) || ' '
        || case when len({{ part }}{{ year }})) = 4 then '' when {{ part }}{{ year }}) <= '68' then '20' else '19' end
        || {{ part }}{{ year }}),
        '%d {{ "%m" if pattern == numbered_day() else "%b" }} %Y'
    )::date
{%- endmacro %}

{# The day that a `date_text` begins with; what follows it is not looked at. The order of day and month is the caller's. #}
{% macro written_day(text, day_first=true) -%}
    case
        when regexp_matches({{ text }}, '{{ year_first_day() }}(?:[^0-9]|$)')
            then try_cast(regexp_replace(regexp_extract({{ text }}, '{{ year_first_day() }}'), '[/.]', '-', 'g') as date)
        when regexp_matches({{ text }}, '{{ numbered_day() }}(?:[^0-9:]|$)')
            then {{ day_of_parts(text, numbered_day(), 1 if day_first else 2, 2 if day_first else 1, 3) }}
        when regexp_matches({{ text }}, '{{ named_day() }}(?:[^0-9:]|$)') then {{ day_of_parts(text, named_day(), 1, 2, 3) }}
        when regexp_matches({{ text }}, '{{ named_month_day() }}(?:[^0-9:]|$)')
            then {{ day_of_parts(text, named_month_day(), 2, 1, 3) }}
    end
{%- endmacro %}

{# Eight digits and nothing else: 20230605, or 05062023; no text is a day of 1900 to 2099 in both. #}
{% macro is_eight_digits(cell) -%}
    regexp_full_match({{ cell }}, '(?:{{ white_space() }})?[0-9]{8}(?:{{ white_space() }})?')
{%- endmacro %}

{% macro eight_digit_day(cell, day_first=true) -%}
    {%- set digits = "regexp_extract(" ~ cell ~ ", '[0-9]{8}')" -%}
    case
        when regexp_full_match({{ digits }}, '(?:19|20)[0-9]{6}') then try_strptime({{ digits }}, '%Y%m%d')::date
        when regexp_full_match({{ digits }}, '[0-9]{4}(?:19|20)[0-9]{2}')
            then try_strptime({{ digits }}, '{{ "%d%m" if day_first else "%m%d" }}%Y')::date
    end
{%- endmacro %}

{#
    A calendar date from any way of writing one that `written_day` knows, words behind it or not, or a spreadsheet serial. A
    moment of which the text says how far it is from UTC is of the day that it was in London: a day picked there comes as
    23:00 of the day before in summer.
#}
{% macro try_date(cell, day_first=true, from_1904=false) -%}
    {%- set text = date_text(cell) -%}
    case
        when {{ cell }} is null then null
        when {{ cell }} like '____-__-__' then try_cast({{ cell }} as date)
        when {{ is_eight_digits(cell) }} then {{ eight_digit_day(cell, day_first) }}
        when {{ is_day_number(cell) }}
            then case
                when {{ is_spreadsheet_date('try_cast(' ~ cell ~ ' as double)') }}
                    then date '1899-12-30' + floor(try_cast({{ cell }} as double))::integer + {{ days_of_1904(from_1904) }}
            end
        when {{ tells_its_zone(text) }} then ({{ london_time(try_timestamp(cell, day_first)) }})::date
        else {{ written_day(text, day_first) }}
    end
{%- endmacro %}

{#
    Whether a `date_text` ends with how far its time is from UTC; and the clock of London at a moment in UTC. A time behind a
    dash is the end of a period (09:00-11:00), unless the time before it has its seconds, as a program writes it.
#}
{% macro tells_its_zone(text) -%}
    regexp_matches({{ text }}, ':\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[ap]m)?[ ]?(?:z|utc|gmt|[+].*)$|:\d{2}:\d{2}(?:\.\d+)?[ ]?-.*$')
    and regexp_matches({{ text }}, ':\d{2}[^ ]*{{ time_zone() }}$')
{%- endmacro %}
{% macro london_time(moment) -%}({{ moment }} at time zone 'UTC') at time zone 'Europe/London'{%- endmacro %}

{# A date as `try_date` has it, of a text that names one day: of two, in whatever way, nobody can say which is meant. #}
{% macro try_one_date(cell) -%}
    {%- set days = [year_first_day(), numbered_day(), named_day(), named_month_day()] -%}
    {#- What is left of a text without its times of day and the day that it begins with. -#}
    {%- set untimed = "regexp_replace(" ~ date_text(cell) ~ ", '\\d{1,2}:\\d{2}(?::\\d{2}(?:\\.\\d+)?)?', '', 'g')" -%}
    {%- set rest = "regexp_replace(" ~ untimed ~ ", '" ~ days | join("|") ~ "', '')" -%}
    {%- set another = ['^ ?[-/.] ?\\d', '\\d ?[-/] ?\\d', '\\d\\.\\d+\\.\\d', '\\d(?:st|nd|rd|th)?[-/. ]?(?:of )?(?:' ~ month_names()
        ~ ')\\b', '\\b(?:' ~ month_names() ~ ')[. ]\\d'] -%}
    case
        when {{ cell }} like '____-__-__' or regexp_full_match({{ cell }}, '\d{1,2}/\d{1,2}/\d{4}') then {{ try_date(cell) }}
        when not regexp_matches({{ untimed }}, '{{ days | join("|") }}')
            or not regexp_matches({{ rest }}, '{{ another | join("|") }}') then {{ try_date(cell) }}
    end
{%- endmacro %}

{# A moment as `try_timestamp` has it, by the clock of London where the text says how far it is from UTC. A period is none. #}
{% macro try_local_timestamp(cell) -%}
    case
        when regexp_matches({{ date_text(cell) }}, '[t ]\d{1,2}:\d{2} ?- ?\d') then null
        when {{ tells_its_zone(date_text(cell)) }} then {{ london_time(try_timestamp(cell)) }}
        else {{ try_timestamp(cell) }}
    end
{%- endmacro %}

{# Whether a cell is a date, with or without a time of day, and nothing else. #}
{% macro is_whole_date(cell) -%}
    {%- set days = [year_first_day(), numbered_day(), named_day(), named_month_day()] -%}
    (
        {{ cell }} like '____-__-__'
        or {{ is_day_number(cell) }}
        or {{ is_eight_digits(cell) }}
        or regexp_matches({{ date_text(cell) }}, '(?:{{ days | join("|") }})(?:{{ time_of_day() }})?(?:{{ time_zone() }})?$')
    )
{%- endmacro %}

{# A moment from the same spellings, in UTC where the text says how far it is from UTC; a missing time is midnight. #}
{% macro try_timestamp(cell, day_first=true, from_1904=false) -%}
    {%- set text = date_text(cell) -%}
    {%- set time = "regexp_extract(" ~ text ~ ", '" ~ time_of_day() ~ "', 1)" -%}
    case
        when {{ cell }} is null then null
        when {{ cell }} like '____-__-__T__:__:__Z' then try_cast({{ cell }} as timestamp)
        when {{ is_eight_digits(cell) }} then {{ eight_digit_day(cell, day_first) }}::timestamp
        when {{ is_day_number(cell) }}
            then case
                when {{ is_spreadsheet_date('try_cast(' ~ cell ~ ' as double)') }}
                    then timestamp '1899-12-30 00:00:00' + to_days({{ days_of_1904(from_1904) }})
                        + to_seconds(round(try_cast({{ cell }} as double) * 86400)::bigint)
            end
        when {{ is_whole_date(cell) }}
            then {{ written_day(text, day_first) }} + case
                when {{ time }} = '' then time '00:00:00'
                when {{ time }} like '%m' then try_strptime(replace({{ time }}, ' ', ''), ['%I:%M%p', '%I:%M:%S%p'])::time
                else try_cast(lpad(split_part({{ time }}, ':', 1), 2, '0') || substr({{ time }}, strpos({{ time }}, ':')) as time)
            end - to_minutes({{ minutes_from_utc(text) }})
    end
{%- endmacro %}

{# The offset at the end of a time, such as +01:00, in minutes. #}
{% macro minutes_from_utc(text) -%}
    {%- set offset = "regexp_extract(" ~ text ~ ", ':\\d{2}[^ ]* ?([+-]\\d{2}):?(?:\\d{2})?$', 1)" -%}
    case
        when {{ offset }} != '' and {{ tells_its_zone(text) }}
            then cast(left({{ offset }}, 1) || '1' as integer) * (
                60 * cast(substr({{ offset }}, 2) as integer)
                + coalesce(try_cast(regexp_extract({{ text }}, '[+-]\d{2}:?(\d{2})$', 1) as integer), 0)
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


{# -------------------------------------------------------- cells of forms

    What landing keeps of one cell of an export: the code of an option, a number, a day, a moment, a month, 1 or 0, and nothing
    else that stood there. NULL where it was blank, a mark where it was not understood. `spellings` are the texts that mean an
    option (or a version), each with its code: the catalogue gives them (`Catalogue.spellings`).

    Nearly every cell is spelt just as a portal spells it. With `plain_only` a cell is understood if it is, and marked if it
    is not: a tenth of the SQL, for the columns of a file that hold nothing else. It never says but what the whole reading
    says.
#}
{% macro not_understood() -%}'?'{%- endmacro %}
{% macro outside_the_limits() -%}'?limits'{%- endmacro %}

{# A cell of one choice: the code of the option that it names, in any version's words. Nearly every cell is blank or spelt as
   in the catalogue, so cleaning text is left for the few that are not. #}
{% macro choice_code(cell, spellings, plain_only=false) -%}
    case
        when {{ cell }} is null then null
        {%- for spelling, code in spellings.items() %}
        when {{ cell }} = {{ text_literal(spelling) }} then {{ text_literal(code) }}
        {%- endfor %}
        else {{ not_understood() if plain_only else loose_choice_code(cell, spellings) }}
    end
{%- endmacro %}

{# What programs write into a cell that is empty, as it is compared, and what people do not mean by a word. #}
{% macro blank_texts() -%}{{ return(['', 'nan', 'nat', 'null', '<na>', '#n/a', 'none']) }}{%- endmacro %}

{# The texts that mean an option as they are compared, each with its code as SQL; a blank one means ''. #}
{% macro loose_codes(spellings) -%}
    {%- set loose = {} -%}
    {%- for spelling, code in spellings.items() -%}
        {%- do loose.setdefault(folded_spelling(spelling), text_literal(code)) -%}
    {%- endfor -%}
    {#- Many portals write the answers to a question of yes and no as they write ticks. -#}
    {%- if 'yes' in loose and 'no' in loose -%}
        {%- for yes in ticked_texts() -%}{%- do loose.setdefault(yes, loose['yes']) -%}{%- endfor -%}
        {%- for no in unticked_texts() -%}{%- do loose.setdefault(no, loose['no']) -%}{%- endfor -%}
    {%- endif -%}
    {%- for blank in blank_texts() -%}{%- do loose.setdefault(blank, "''") -%}{%- endfor -%}
    {{ return(loose) }}
{%- endmacro %}

{% macro loose_choice_code(cell, spellings) -%}
    {%- set loose = loose_codes(spellings) -%}
    nullif({{ lookup(folded_text(cell), loose.keys() | list, loose.values() | list, not_understood()) }}, '')
{%- endmacro %}

{# A cell of the column of one option: 1 where it is ticked, be it by the words of the option itself, 0 where it is not. #}
{% macro tick_flag(cell, spellings, plain_only=false) -%}
    {%- set meanings = {} -%}
    {%- for spelling in spellings -%}{%- do meanings.setdefault(folded_spelling(spelling), "'1'") -%}{%- endfor -%}
    {%- for yes in ticked_texts() -%}{%- do meanings.setdefault(yes, "'1'") -%}{%- endfor -%}
    {%- for no in unticked_texts() -%}{%- do meanings.setdefault(no, "'0'") -%}{%- endfor -%}
    {%- for blank in blank_texts() -%}{%- do meanings.setdefault(blank, "''") -%}{%- endfor -%}
    case
        when {{ cell }} is null then null
        when {{ cell }} = '1' then '1'
        when {{ cell }} = '0' then '0'
        {%- for spelling in spellings %}
        when {{ cell }} = {{ text_literal(spelling) }} then '1'
        {%- endfor %}
        else {{ not_understood() if plain_only else "nullif(" ~ lookup(
            folded_text(cell), meanings.keys() | list, meanings.values() | list, not_understood()
        ) ~ ", '')" }}
    end
{%- endmacro %}

{# A cell with all ticks of a question: the codes between semicolons, one mark for each entry that is none of its options. #}
{% macro tick_codes(cell, spellings) -%}
    case
        when {{ cell }} is null then null
        else nullif(array_to_string(list_filter(
            list_transform({{ ticked_entries(cell, spellings) }}, entry -> {{ choice_code('entry', spellings) }}),
            code -> code is not null
        ), ';'), '')
    end
{%- endmacro %}

{#
    The entries of a cell of ticks. Labels or codes stand between semicolons, bars or line ends; or one behind the other
    between commas or blanks, which labels have themselves, so the longest option that fits counts. Where that leaves words
    over, they are entries between commas, or codes between blanks if each is written in one kind of letters, as codes are;
    else the cell is one entry. Cheap comparisons come first.
#}
{% macro ticked_entries(cell, spellings) -%}
    {%- set folded = folded_text(cell) -%}
    {%- set spaced = "regexp_replace(" ~ cell ~ ", '" ~ white_space() ~ "', ' ', 'g')" -%}
    {%- set exact = text_list(spellings) -%}
    {%- set any_option = longest_first(spellings) -%}
    case
        when list_contains({{ exact }}, {{ cell }}) then [{{ cell }}]
        when regexp_matches({{ cell }}, '[;|\n\r]') then regexp_split_to_array({{ cell }}, '[;|\n\r]+')
        when list_has_all({{ exact }}, string_split({{ cell }}, ' ')) then string_split({{ cell }}, ' ')
        when list_contains({{ text_list(loose_codes(spellings)) }}, {{ folded }}) then [{{ cell }}]
        when regexp_full_match({{ folded }}, '(?:(?:{{ any_option }})(?:, ?| |$))+')
            then regexp_extract_all({{ folded }}, '({{ any_option }})(?:, ?| |$)', 1)
        when contains({{ cell }}, ',') then string_split({{ cell }}, ',')
        when regexp_full_match({{ seen_text(spaced) }}, ' *(?:[0-9a-z_]+|[0-9A-Z_]+)(?: +(?:[0-9a-z_]+|[0-9A-Z_]+))* *')
            then string_split({{ folded }}, ' ')
        else [{{ cell }}]
    end
{%- endmacro %}

{#
    The same of a cell whose ticks are all spelt as in the catalogue (`plain_only`): one of them, several between semicolons,
    or codes between blanks.
#}
{% macro plain_tick_codes(cell, spellings) -%}
    {%- set codes = [] -%}
    {%- for code in spellings.values() -%}{%- do codes.append(text_literal(code)) -%}{%- endfor -%}
    case
        when {{ cell }} is null then null
        when regexp_matches({{ cell }}, '[|\n\r]') then {{ not_understood() }}
        else nullif(array_to_string(list_transform(
            case
                when list_contains({{ text_list(spellings) }}, {{ cell }}) then [{{ cell }}]
                when contains({{ cell }}, ';') then list_filter(string_split({{ cell }}, ';'), entry -> trim(entry) != '')
                else string_split({{ cell }}, ' ')
            end,
            entry -> {{ lookup('trim(entry)', spellings, codes, not_understood()) }}
        ), ';'), '')
    end
{%- endmacro %}

{# The spellings as a regular expression that takes the longest of them that fits. #}
{% macro longest_first(spellings) -%}
    {%- set lengths = {} -%}
    {%- for spelling in spellings -%}
        {%- set text = folded_spelling(spelling) -%}
        {%- if text -%}{%- do lengths.update({text: -(text | length)}) -%}{%- endif -%}
    {%- endfor -%}
    {%- set escaped = [] -%}
    {%- for text, _ in lengths | dictsort(by='value') -%}
        {%- set read = namespace(text='') -%}
        {%- for letter in text -%}
            {%- set read.text = read.text ~ ('\\' if letter in '\\.+*?()|[]{}^$' else '') ~ letter -%}
        {%- endfor -%}
        {%- do escaped.append(read.text | replace("'", "''")) -%}
    {%- endfor -%}
    {{ return(escaped | join('|')) }}
{%- endmacro %}

{# The entries of a cell of ticks that none of the options is spelt like, as they are compared. #}
{% macro entries_not_understood(cell, spellings) -%}
    list_filter(
        list_transform(
            {{ ticked_entries(cell, spellings) }},
            entry -> case when {{ loose_choice_code('entry', spellings) }} = {{ not_understood() }} then {{ folded_text('entry') }} end
        ),
        text -> text is not null
    )
{%- endmacro %}

{# A cell of yes or no. #}
{% macro flag_text(cell) -%}
    case
        when {{ cell }} is null or {{ is_blank_text(cell) }} then null
        else case {{ flag_value(cell) }} when 1 then '1' when 0 then '0' when -1 then {{ not_understood() }} end
    end
{%- endmacro %}

{# A cell of a number question: the number within its limits, or the code of an option that the cell names. #}
{% macro number_text(cell, spellings, minimum, maximum) -%}
    {%- set number = try_number(cell) -%}
    case
        when {{ cell }} is null then null
        when {{ cell }} = {{ outside_the_limits() }} then {{ outside_the_limits() }}
        when {{ number }} is null then {{ loose_choice_code(cell, spellings) }}
        when {{ within_limits(number, minimum, maximum) }} then cast({{ number }} as varchar)
        else {{ outside_the_limits() }}
    end
{%- endmacro %}

{% macro is_blank_text(cell) -%}
    list_contains({{ text_list(blank_texts()) }}, lower(trim({{ cell }})))
{%- endmacro %}

{# A cell as it is compared, NULL where nothing is in it. #}
{% macro filled_text(cell) -%}
    case when not {{ is_blank_text(folded_text(cell)) }} then {{ folded_text(cell) }} end
{%- endmacro %}

{# Cells of dates: a day, a moment, a month. What is more than a date is none: words behind it were meant for a reader. #}
{% macro day_text(cell, day_first=true, from_1904=false, plain_only=false) -%}
    {{ text_of_date(cell, try_date(cell, day_first, from_1904), '%Y-%m-%d', plain_only) }}
{%- endmacro %}

{% macro moment_text(cell, day_first=true, from_1904=false, plain_only=false) -%}
    {{ text_of_date(cell, try_timestamp(cell, day_first, from_1904), '%Y-%m-%d %H:%M:%S.%f', plain_only) }}
{%- endmacro %}

{% macro month_text(cell, day_first=true, from_1904=false, plain_only=false) -%}
    case
        when regexp_full_match(trim({{ cell }}), '\d{4}-\d{1,2}')
            then coalesce(strftime({{ try_month(cell) }}, '%Y-%m'), {{ not_understood() }})
        else {{ text_of_date(cell, try_date(cell, day_first, from_1904), '%Y-%m', plain_only) }}
    end
{%- endmacro %}

{# Nearly every cell begins with the year and ends with the day, or of a moment with the second, which is told in a tenth of the
   time. #}
{% macro text_of_date(cell, date, format, plain_only) -%}
    {%- set second = '( \d{2}:\d{2}:\d{2}|T\d{2}:\d{2}:\d{2}(\.\d{3})?Z)?' if '%S' in format else '' -%}
    case
        when {{ cell }} is null then null
        when regexp_full_match({{ cell }}, '\d{4}-\d{2}-\d{2}{{ second }}')
            then coalesce(strftime(try_cast({{ cell }} as timestamp), '{{ format }}'), {{ not_understood() }})
        {%- if not plain_only %}
        when {{ is_blank_text(cell) }} then null
        when {{ is_whole_date(cell) }} then coalesce(strftime({{ date }}, '{{ format }}'), {{ not_understood() }})
        {%- endif %}
        else {{ not_understood() }}
    end
{%- endmacro %}
