/** The policy file: rules that allow, deny or confirm, and the interceptor that applies them. */
@NullMarked
package dev.clerkmcp.interceptor.policy;

import org.jspecify.annotations.NullMarked;
