-- What is compared, in which family of tests, and what is claimed.

-- test_families.family_id: The family '{family_id}' is used in {files}.
-- expected: a family of comparisons, of trends or of claims
-- remedy: Add a family for the others.
select test_families.line, family_id, group_concat(file, ', ') as files
from test_families
inner join (
    select family_id, 'comparisons.csv' as file from comparisons
    union
    select family_id, 'trend_rules.csv' from trend_rules
    union
    select family_id, 'claims.csv' from claims
) using (family_id)
group by test_families.line
having count(*) > 1;

-- test_families.per_topic, per_group: The family '{family_id}' is divided by topic or group, and its
--   false discovery rate is that of the whole release.
-- expected: false for both where error_rate is false_discovery
-- remedy: Set both to false, or error_rate to family_wise.
select * from test_families
where error_rate = 'false_discovery' and (per_topic or per_group);

-- test_families.error_rate: The family '{family_id}' is one of claims, and its false discovery rate is
--   controlled.
-- expected: family_wise: a claim was written down before the answers came
-- remedy: Set error_rate to family_wise.
select * from test_families
where error_rate = 'false_discovery' and family_id in (select family_id from claims);

-- comparisons.group_a, group_b: The comparison '{comparison_id}' compares '{group_a}' with itself.
-- expected: two groups
-- remedy: Correct one of the two.
select * from comparisons where group_a = group_b;

-- comparisons.group_a, group_b: The comparison '{comparison_id}' compares '{group_a}' with
--   '{group_b}', and '{group_id}' is a part of '{outer_id}'.
-- expected: two groups without organisations in common
-- remedy: Name the part as group_a, empty group_b, and name the whole as rest_of_group_id.
select comparisons.*, group_id, outer_id
from comparisons
inner join around
    on (group_a, group_b) in (values (group_id, outer_id), (outer_id, group_id))
where group_a <> group_b;

-- Where a group lies in one of another classification, that is the mistake.
-- comparisons.rest_of_group_id: The comparison '{comparison_id}' compares '{group_a}' with the rest
--   of '{rest_of_group_id}', of which it is no part.
-- expected: a group around '{group_a}', or group_b
-- remedy: Name a group that contains group A, or fill group_b instead.
select comparisons.*
from comparisons
inner join organisation_groups as own on group_a = own.group_id
inner join organisation_groups as rest on rest_of_group_id = rest.group_id
where
    (group_a, rest_of_group_id) not in (select group_id, outer_id from around)
    and not exists (
        select 1
        from around
        left join organisation_groups on outer_id = organisation_groups.group_id
        where
            around.group_id = group_a
            and organisation_groups.classification_id is not comparisons.classification_id
    );

-- claims.classification_id: The claim '{claim_id}' names groups without their classification.
-- expected: the classification of the groups
-- remedy: Fill classification_id.
select * from claims where classification_id is null and coalesce(group_a, group_b) is not null;

-- claims.group_a: The claim '{claim_id}' does not say of which group it is.
-- expected: group A in every claim; a claim about all organisations names the group of them all
-- remedy: Fill group_a.
select * from claims where group_a is null;

-- claims.group_a, group_b: The claim '{claim_id}' compares '{group_a}' with itself.
-- expected: two groups
-- remedy: Correct one of the two.
select * from claims where group_a = group_b;

-- claims.group_a, group_b: The claim '{claim_id}' compares '{group_a}' with '{group_b}', and one is
--   a part of the other.
-- expected: two groups without organisations in common
-- remedy: Name two groups side by side.
select distinct claims.*
from claims
inner join around
    on (group_a, group_b) in (values (group_id, outer_id), (outer_id, group_id))
where group_a <> group_b;

-- claims.indicator_id, indicator_b: The claim '{claim_id}' relates '{indicator_b}' to itself.
-- expected: two indicators
-- remedy: Correct one of the two.
select * from claims where indicator_id = indicator_b;

-- claims.indicator_b: The claim '{claim_id}' expects a relation, and names one indicator.
-- expected: indicator_b where expected_direction is positive or negative
-- remedy: Fill indicator_b, or correct expected_direction.
select * from claims where expected_direction in ('positive', 'negative') and indicator_b is null;

-- claims.indicator_b: The claim '{claim_id}' relates to '{indicator_b}', which is a {kind}.
-- expected: a share: a relation is an odds ratio
-- remedy: Name an indicator of kind share.
select claims.*, kind
from claims
inner join indicators on claims.indicator_b = indicators.indicator_id
where expected_direction in ('positive', 'negative') and kind not in ('share', '');

-- claims.group_b: The claim '{claim_id}' expects a relation within a group, and names two groups.
-- expected: an empty group_b where expected_direction is positive or negative
-- remedy: Empty group_b, or correct expected_direction.
select * from claims
where expected_direction in ('positive', 'negative') and group_b is not null;

-- claims.group_b: The claim '{claim_id}' compares, and does not say with what.
-- expected: group_b (another group) or indicator_b (another indicator)
-- remedy: Fill one of the two, or correct expected_direction.
select * from claims
where
    expected_direction in ('a_higher', 'a_lower')
    and group_b is null
    and indicator_b is null;

-- claims.indicator_id: The claim '{claim_id}' compares the totals of two groups: '{indicator_id}'
--   says how large they are.
-- expected: a share, mean, count or ratio between groups
-- remedy: Name another indicator.
select claims.*
from claims
inner join indicators using (indicator_id)
where expected_direction in ('a_higher', 'a_lower') and group_b is not null and kind = 'total';

-- claims.group_b, indicator_b: The claim '{claim_id}' compares groups and indicators at once.
-- expected: group_b or indicator_b
-- remedy: Empty one of the two.
select * from claims
where
    expected_direction in ('a_higher', 'a_lower')
    and group_b is not null
    and indicator_b is not null;

-- claims.indicator_b: The claim '{claim_id}' compares a {kind} with a {other_kind}.
-- expected: two indicators of one kind
-- remedy: Name another indicator.
select claims.*, own.kind, other.kind as other_kind
from claims
inner join indicators as own using (indicator_id)
inner join indicators as other on claims.indicator_b = other.indicator_id
where
    expected_direction in ('a_higher', 'a_lower')
    and group_b is null
    and own.kind <> other.kind;

-- claims.minimum_difference: The claim '{claim_id}' asks for a difference of {minimum_difference}.
-- expected: above 0, and below 1 between shares; only where two groups are compared
-- remedy: Correct it, or empty it: then any difference in the direction of the claim will do.
select claims.*
from claims
inner join indicators using (indicator_id)
where
    minimum_difference <= 0
    or (kind = 'share' and minimum_difference >= 1)
    or (minimum_difference is not null and group_b is null);

-- claims.claim_id: The claims '{other_id}' and '{claim_id}' are about one difference.
-- expected: one claim about a difference: it has one verdict
-- remedy: Remove one of the two.
select claims.*, other.claim_id as other_id
from claims
inner join claims as other
    on
        claims.indicator_id = other.indicator_id
        and claims.indicator_b is other.indicator_b
        and (claims.group_a, claims.group_b) in (
            values (other.group_a, other.group_b), (other.group_b, other.group_a)
        )
        and claims.line > other.line;

-- comparisons.group_a, group_b: The comparisons '{other_id}' and '{comparison_id}' are of the same two
--   groups.
-- expected: one comparison of two groups: a difference has one verdict
-- remedy: Remove one of the two, or give each a topic of its own.
select comparisons.*, other.comparison_id as other_id
from comparisons
inner join comparisons as other
    on
        comparisons.classification_id = other.classification_id
        and (comparisons.topic is null or other.topic is null or comparisons.topic = other.topic)
        and comparisons.line > other.line
        and (
            (comparisons.group_a, comparisons.group_b) in (
                values (other.group_a, other.group_b), (other.group_b, other.group_a)
            )
            or (
                comparisons.group_a = other.group_a
                and comparisons.rest_of_group_id = other.rest_of_group_id
                and comparisons.group_b is null
                and other.group_b is null
            )
        );

-- comparisons.is_headline: The comparisons '{other_id}' and '{comparison_id}' are both what the topic
--   tables hold '{group_a}' against.
-- expected: true for one comparison of a group
-- remedy: Set is_headline of one of the two to false.
select comparisons.*, other.comparison_id as other_id
from comparisons
inner join comparisons as other
    on
        comparisons.classification_id = other.classification_id
        and comparisons.group_a = other.group_a
        and (comparisons.topic is null or other.topic is null or comparisons.topic = other.topic)
        and comparisons.line > other.line
where comparisons.is_headline and other.is_headline;
