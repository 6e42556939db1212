/** The first lines of the gauges, and the last. */
export const METRICS_EXAMPLE = `# TYPE elbowroom_subnets gauge
# HELP elbowroom_subnets Subnets by status
elbowroom_subnets{by="fleet",status="exhausted"} 2
# EOF
`;
