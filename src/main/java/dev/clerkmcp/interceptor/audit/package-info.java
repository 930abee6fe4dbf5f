/** Records changes in the audit log, a file that shows whether it was tampered with. */
@NullMarked
package dev.clerkmcp.interceptor.audit;

import org.jspecify.annotations.NullMarked;
