package dev.clerkmcp.interceptor.policy;

/** What a rule of the policy says to do. */
enum Decision {
  /** Go on; later rules are not asked. */
  ALLOW,
  /** Go on once a person has confirmed it. */
  CONFIRM,
  /** Do not go on. */
  DENY
}
