import { isObject } from '../bson/values.ts';
import { StoreError } from '../store-error.ts';

/** Expression operators and accumulators handed to mingo. Anything else is refused before it runs. */
const supported = new Set(
  `
  $abs $add $ceil $divide $floor $mod $multiply $round $subtract $trunc $pow $sqrt
  $and $or $not $eq $ne $gt $gte $lt $lte $cmp $cond $ifNull $switch
  $arrayElemAt $arrayToObject $concatArrays $filter $first $in $indexOfArray $isArray $last $map $objectToArray
  $range $reduce $reverseArray $size $slice $zip $firstN $lastN
  $setDifference $setEquals $setIntersection $setIsSubset $setUnion $allElementsTrue $anyElementTrue
  $concat $indexOfBytes $indexOfCP $ltrim $rtrim $trim $regexMatch $regexFind $replaceOne $replaceAll $split
  $strLenBytes $strLenCP $strcasecmp $substr $substrBytes $substrCP $toLower $toUpper
  $dateAdd $dateDiff $dateFromParts $dateFromString $dateSubtract $dateToParts $dateToString $dateTrunc
  $dayOfMonth $dayOfWeek $dayOfYear $hour $isoDayOfWeek $isoWeek $isoWeekYear $millisecond $minute $month
  $second $week $year
  $convert $toBool $toDate $toDouble $toInt $toLong $toObjectId $toString $type $isNumber
  $literal $let $mergeObjects $getField $setField
  $sum $avg $min $max $push $addToSet $count $stdDevPop $stdDevSamp
  `
    .trim()
    .split(/\s+/),
);

/** @throws StoreError 2 naming the first operator that is not supported, however deep it stands. */
export function assertExpressionSupported(expression: unknown): void {
  if (Array.isArray(expression)) expression.forEach(assertExpressionSupported);
  if (!isObject(expression)) return;
  for (const [key, value] of Object.entries(expression)) {
    if (key.startsWith('$') && !supported.has(key)) {
      throw new StoreError(2, `Unrecognized or unsupported expression '${key}'`);
    }
    if (key !== '$literal') assertExpressionSupported(value);
  }
}
