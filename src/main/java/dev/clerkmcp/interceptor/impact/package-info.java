/** What an operation touches and what else is lost with it, found out before it is sent. */
@NullMarked
package dev.clerkmcp.interceptor.impact;

import org.jspecify.annotations.NullMarked;
