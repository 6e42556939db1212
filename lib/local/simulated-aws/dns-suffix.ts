/**
 * The domain under which a partition's services have their endpoints.
 * https://docs.aws.amazon.com/general/latest/gr/rande.html
 */
export function dnsSuffix(partition: string): string {
  return partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
}
