/** Applies the policy file: rules that allow, deny or confirm calls. */
@NullMarked
package dev.clerkmcp.interceptor.policy;

import org.jspecify.annotations.NullMarked;
