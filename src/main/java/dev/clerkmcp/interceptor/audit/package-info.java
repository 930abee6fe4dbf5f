/** A record of what was done, in a file that shows whether anybody changed it. */
@NullMarked
package dev.clerkmcp.interceptor.audit;

import org.jspecify.annotations.NullMarked;
