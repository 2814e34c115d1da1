"""Peers of a server that keep to HTTP less than curl does.

    https_peer.py PORT CASE [SERVER]
"""
import os
import signal
import socket
import ssl
import sys

port = int(sys.argv[1])
HOST = b"host: x\r\n"


def dial(*protocols):
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    if protocols:
        context.set_alpn_protocols(list(protocols))
    peer = socket.create_connection(("127.0.0.1", port), timeout=120)
    return context.wrap_socket(peer)


def until_end(peer):
    """All that comes until the server closes."""
    answer = b""
    try:
        while more := peer.recv(65536):
            answer += more
    except (ConnectionResetError, BrokenPipeError, ssl.SSLEOFError):
        pass
    return answer


def is_refused(text, status):
    """It is answered once, and nothing that follows is."""
    with dial() as peer:
        peer.sendall(text + b"GET /smuggled HTTP/1.1\r\n" + HOST + b"\r\n")
        answer = until_end(peer)
    assert answer.startswith(b"HTTP/1.1 %d " % status), (text, answer)
    assert answer.count(b"HTTP/1.1 ") == 1, (text, answer)


def desync():
    post = b"POST /echo HTTP/1.1\r\n" + HOST
    length, chunked = b"Content-Length: 1\r\n", b"Transfer-Encoding: chunked\r\n"
    for text in (
        post + length + chunked + b"\r\n0\r\n\r\n",
        post + chunked + length + b"\r\n0\r\n\r\n",
        post + length + b"Content-Length: 2\r\n\r\nab",
        post + b"Content-Length: +1\r\n\r\na",
        post + b"Content-Length : 1\r\n\r\na",
        post + b"Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
        post + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        post + chunked + b"\r\n1\na\r\n0\r\n\r\n",
        post + chunked + b"\r\n1;a=b\r\na\r\n0\r\n\r\n",
        post + chunked + b"\r\n0\r\nA: b\r\n\r\n",
        b"GET / HTTP/1.1\n" + HOST + b"\r\n",
        b"GET / HTTP/1.1\r\n" + HOST + b"A: b\r\n c\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + HOST + HOST + b"\r\n",
        b"GET http://x/ HTTP/1.1\r\n" + HOST + b"\r\n",
    ):
        is_refused(text, 400)
    is_refused(post + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501)


def slow_head():
    with dial() as peer:
        peer.sendall(b"GET / HT")
        answer = until_end(peer)
    assert b" 200 " not in answer, answer


def send_until_cut_off(head, piece):
    """What is refused is read for a little while, so that the answer arrives."""
    with dial() as peer:
        peer.sendall(head)
        try:
            while True:
                peer.sendall(piece)
        except (ConnectionResetError, BrokenPipeError, ssl.SSLError):
            pass


def header_bomb():
    send_until_cut_off(b"GET / HTTP/1.1\r\n" + HOST,
                       b"a: " + b"b" * 1000 + b"\r\n")


def endless_body():
    send_until_cut_off(b"POST /echo HTTP/1.1\r\n" + HOST
                       + b"Transfer-Encoding: chunked\r\n\r\n",
                       b"10000\r\n" + b"a" * 0x10000 + b"\r\n")


def rapid_reset():
    import h2.config
    import h2.connection
    side = h2.connection.H2Connection(
        h2.config.H2Configuration(client_side=True))
    fields = [(":method", "GET"), (":path", "/"), (":scheme", "https"),
              (":authority", "x")]
    with dial("h2") as peer:
        assert peer.selected_alpn_protocol() == "h2"
        side.initiate_connection()
        try:
            while True:  # until it is cut off
                stream = side.get_next_available_stream_id()
                side.send_headers(stream, fields, end_stream=True)
                side.reset_stream(stream, 8)
                peer.sendall(side.data_to_send())
        except (ConnectionResetError, BrokenPipeError, ssl.SSLError):
            pass


def many():
    peers = [dial() for _ in range(200)]
    for peer in peers:
        peer.sendall(b"GET / HTTP/1.1\r\n" + HOST + b"connection: close\r\n\r\n")
    for peer in peers:
        answer = until_end(peer)
        assert answer.startswith(b"HTTP/1.1 200 "), answer
        assert answer.endswith(b"hello\n"), answer
        peer.close()


def drain():
    with dial() as peer:
        peer.sendall(b"POST /echo HTTP/1.1\r\n" + HOST
                     + b"expect: 100-continue\r\ncontent-length: 5\r\n\r\n")
        assert peer.recv(100).startswith(b"HTTP/1.1 100"), "not in flight"
        os.kill(int(sys.argv[3]), signal.SIGTERM)
        while True:  # until it takes no more
            try:
                socket.create_connection(("127.0.0.1", port)).close()
            except ConnectionResetError:
                pass  # it ended while this one waited to be taken
            except ConnectionRefusedError:
                break
        peer.sendall(b"media")
        answer = until_end(peer)
    assert answer.startswith(b"HTTP/1.1 200 "), answer
    assert answer.endswith(b"\r\n\r\nmedia"), answer


{case.__name__: case for case in (
    desync, slow_head, header_bomb, endless_body, rapid_reset, many, drain,
)}[sys.argv[2]]()
