"""逐单位下发: the units that a case asked, how far each is, and who has not answered."""

from forms.pages.units import views

__all__ = ["views"]
