/** Stands where a value is not known or does not apply, and says why. `reason` is our own words. */
export function Absent({ reason }: { readonly reason: string }) {
  return (
    <span class="absent">
      <span aria-hidden="true">— </span>
      <span class="absent-reason">{reason}</span>
    </span>
  );
}
