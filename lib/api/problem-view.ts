import * as z from 'zod';
import { PROBLEM_CODES, type ProblemDocument } from './problem.ts';

const FieldErrorView = z.object({
  in: z.enum(['path', 'query', 'header', 'body']),
  field: z.string().describe('Its name, or the path to it'),
  value: z.string().nullable().describe('What it was, shortened; null where it was not there'),
  expected: z.string(),
  allowedValues: z.array(z.string()).nullable().describe('Null where they cannot be listed'),
});

/** An answer that says what went wrong: `application/problem+json`. */
export const ProblemView: z.ZodType<ProblemDocument> = z.object({
  type: z.string().describe('Where the reference page explains the code'),
  code: z.enum(PROBLEM_CODES),
  title: z.string(),
  status: z.int().min(400).max(599),
  detail: z.string().describe('What was asked, what is expected, what helps'),
  requestId: z.string().describe('By which the logs name this request'),
  errors: z.array(FieldErrorView).describe('Each field that is wrong, the first ten of them'),
});
