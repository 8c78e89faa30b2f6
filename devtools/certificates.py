"""Certificates for servers on this machine, made on the spot and good for a day."""

import datetime
import ipaddress
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

GOOD, SELF_SIGNED, WRONG_HOST = "good", "self-signed", "wrong-host"
KINDS = (GOOD, SELF_SIGNED, WRONG_HOST)


@dataclass(frozen=True)
class Certificate:
    """Files of a server's certificate.

    :ivar Path certificate: what the server shows
    :ivar Path key: its key
    :ivar Path authority: what a careful client trusts
    """

    certificate: Path
    key: Path
    authority: Path


def make_certificate(folder, kind=GOOD):
    """Make a certificate for localhost.

    :param Path folder: where the files go
    :param str kind: ``good``: signed by the authority; ``self-signed``: by nobody that the client
        trusts;
        ``wrong-host``: signed by the authority for another machine
    :return: a :class:`Certificate`
    """
    if kind not in KINDS:
        raise ValueError(f"a certificate is one of {', '.join(KINDS)}")
    folder.mkdir(parents=True, exist_ok=True)
    authority_key, server_key = (
        ec.generate_private_key(ec.SECP256R1()),
        ec.generate_private_key(ec.SECP256R1()),
    )
    authority = _sign(
        "Authority of a test", authority_key, "Authority of a test", authority_key, names=None
    )
    hosts = ["mail.elsewhere.example"] if kind == WRONG_HOST else ["localhost", "127.0.0.1", "::1"]
    if kind == SELF_SIGNED:
        server = _sign(hosts[0], server_key, hosts[0], server_key, names=hosts)
    else:
        server = _sign(hosts[0], server_key, "Authority of a test", authority_key, names=hosts)
    files = Certificate(folder / "server.pem", folder / "server.key", folder / "authority.pem")
    files.certificate.write_bytes(server.public_bytes(serialization.Encoding.PEM))
    files.authority.write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    files.key.write_bytes(
        server_key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return files


def _sign(subject, key, issuer, issuer_key, names):
    """:return: a certificate for ``subject``, signed by ``issuer``; without names it is an
    authority's
    """
    now = datetime.datetime.now(datetime.timezone.utc)
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=names is None, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()),
            critical=False,
        )
    )
    if names:
        builder = builder.add_extension(
            x509.SubjectAlternativeName([_host(name) for name in names]), critical=False
        )
    return builder.sign(issuer_key, hashes.SHA256())


def _name(text):
    """:return: an X.509 name"""
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _host(text):
    """:return: a host or an address as a certificate names it"""
    try:
        return x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        return x509.DNSName(text)
