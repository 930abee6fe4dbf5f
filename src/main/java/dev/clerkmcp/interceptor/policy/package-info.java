/** What people allow, deny or want to confirm: their rules, and the guard that keeps to them. */
@NullMarked
package dev.clerkmcp.interceptor.policy;

import org.jspecify.annotations.NullMarked;
