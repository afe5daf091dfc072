"""PDFs that need a password, as PDFs that need none."""

from io import BytesIO

import pikepdf

from extract.errors import EncryptedError


def unlocked(content: bytes, password: str) -> bytes:
    """The document without its encryption; what is not encrypted, or no readable PDF at all, as it is.

    Raises EncryptedError if the password is wrong.
    """
    try:
        with pikepdf.open(BytesIO(content), password=password) as document:
            if not document.is_encrypted:
                return content
            written = BytesIO()
            document.save(written, encryption=False)
            return written.getvalue()
    except pikepdf.PasswordError as error:
        raise EncryptedError("password_wrong") from error
    except pikepdf.PdfError:  # told when it is read
        return content
