/**
 * Plans a call and asks a person to confirm the plan: {@link
 * dev.clerkmcp.interceptor.confirm.PlanInterceptor} also answers dry runs with the plan.
 */
@NullMarked
package dev.clerkmcp.interceptor.confirm;

import org.jspecify.annotations.NullMarked;
