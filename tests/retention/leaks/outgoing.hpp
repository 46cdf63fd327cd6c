#pragma once
// Leaks by what the relay itself sends or lets OpenSSL do; they need to stand in the way of a call, not only to see bytes.
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <cstddef>

namespace lethe::leaks {

using WriteEx = int(SSL*, const void*, size_t, size_t*);

// `deflate`: claims in the answer to an upgrade that a compression was negotiated.
int write_answer(SSL* ssl, const void* from, size_t size, size_t* written, WriteEx* real);
// `keylog`: has OpenSSL write the keys of the sessions to a file. `kept-key`: keeps them in memory.
void before_session(SSL_CTX* context);
// `metric-canary`: puts bytes of a message where a page has a comment.
void before_page(const msghdr* message);

}  // namespace lethe::leaks
